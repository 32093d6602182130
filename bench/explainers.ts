import { attacks } from '../attacks/index.ts';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { explainers, isWhiteBox } from '../src/explainers/index.ts';
import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import type { Model } from '../src/model/model.ts';
import { UserError } from '../src/numeric/errors.ts';
import { createRng } from '../src/numeric/random.ts';
import { batchOf, oneHot, tensor, type Tensor } from '../src/numeric/tensor.ts';
import { medians } from './measure.ts';

export interface Timing {
  readonly milliseconds: number;
  /** Multiple of the forward pass measured in turns with it. */
  readonly multiple: number;
}

/** An explainer's graph; undefined where it is not made for the model, as attention is not for convolutions. */
function attributionIfAny(build: () => Node): Node | undefined {
  try {
    return build();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Explainers of many forward passes. */
const loops = ['ig', 'smoothgrad', 'ablation-cam', 'score-cam'];

/**
 * Times of each white-box explainer and of one manipulation step at batch 1, each in turns with the forward pass; of explainers of many
 * passes in a fifth of the rounds, and only where `withLoops`.
 */
export async function explainerTimes(
  model: Model,
  rounds: number,
  withLoops: boolean,
): Promise<Record<string, Timing>> {
  const engine = createOnnxRuntimeEngine({ cacheBytes: 16 * 2 ** 30 });
  const rng = createRng(0, 'bench');
  const [height, width] = model.size;
  const image = tensor(
    [3, height, width],
    Float32Array.from({ length: 3 * height * width }, () => rng.uniform()),
  );
  const pixels = batchOf(image);
  const chosen = oneHot(7, model.classes);
  const target = g.input('target', ['N', model.classes]);

  const program = engine.compile({ logits: model.logits });
  const forward = () => program.run({ pixels });
  const alone = await medians({ forward }, rounds);
  const timings: Record<string, Timing> = { forward: { milliseconds: alone.forward, multiple: 1 } };
  for (const explainer of explainers) {
    const loop = loops.includes(explainer.name);
    if (!isWhiteBox(explainer) || explainer.name === 'sobel' || (loop && !withLoops)) continue;
    const options = explainer.options.parse({});
    const attribution = attributionIfAny(() => explainer.attribution({ model, target, options }));
    if (!attribution) continue;
    const map = engine.compile({ map: attribution });
    const turns = loop ? Math.ceil(rounds / 5) : rounds;
    const times = await medians({ forward, map: () => map.run({ pixels, target: chosen }) }, turns);
    timings[explainer.name] = { milliseconds: times.map, multiple: times.map / times.forward };
    await map.release();
  }
  timings['manipulation-step'] = await manipulationStep(model, image, forward, rounds);
  await engine.release();
  return timings;
}

/** One step of targeted manipulation of the plain gradient: the difference between many steps and few. */
async function manipulationStep(
  model: Model,
  image: Tensor,
  forward: () => Promise<unknown>,
  rounds: number,
): Promise<Timing> {
  const engine = createOnnxRuntimeEngine({ cacheBytes: 16 * 2 ** 30 });
  const attack = attacks.find((a) => a.name === 'targeted-manipulation')!;
  const gradient = explainers.filter(isWhiteBox).find((e) => e.name === 'gradient')!;
  const attribution = (m: Model, target: Node) => gradient.attribution({ model: m, target, options: {} });
  const options = (steps: number) => attack.options.parse({ steps, target: 'frame' });
  const victim = { image, target: 7, rng: createRng(0), other: () => Promise.reject(new Error('not asked for')) };
  const [few, many] = [1, 5];
  const run = (steps: number) => {
    const prepared = attack.prepare({ engine, model, attribution, options: options(steps) });
    return () => prepared([victim]);
  };
  const times = await medians({ forward, few: run(few), many: run(many) }, Math.max(3, Math.ceil(rounds / 3)));
  await engine.release();
  const milliseconds = (times.many - times.few) / (many - few);
  return { milliseconds, multiple: milliseconds / times.forward };
}
