import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runAttack } from '../../attacks/index.ts';
import { scene } from '../../src/data/scenes.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { explainers, isWhiteBox } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { loadModel, rebuild, type Model } from '../../src/model/model.ts';
import { toHeatmap } from '../../src/numeric/heatmap.ts';
import { createRng } from '../../src/numeric/random.ts';
import { ssim } from '../../src/numeric/ssim.ts';
import { pearson } from '../../src/numeric/statistics.ts';
import { argMax, at, batchOf, oneHot, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { attackOf, toyAttacks } from './toy.ts';

// What Carlini et al. (arXiv:1902.06705) ask of an attack before robustness against it means anything.
const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());
const { model, victim, prepare, runOne } = toyAttacks(engine);
const target = g.input('target', ['N', model.classes]);

type Distance = (map: Float64Array, wanted: ArrayLike<number>) => number;
const attacks: readonly (readonly [name: string, options: object, distance: Distance])[] = [
  [
    'targeted-manipulation',
    { learningRate: 0.004 },
    (map, wanted) => map.reduce((s, v, i) => s + (v - wanted[i]) ** 2, 0),
  ],
  ['adaptive-manipulation', {}, (map, wanted) => 1 - pearson(map, Float64Array.from(wanted))],
];
const cases = attacks.flatMap(([attack, options, distance]) =>
  ['gradient', 'srd-apop', 'grad-cam', 'lrp'].map((name) => ({ attack, name, own: options, distance })),
);

describe.each(cases)('$attack of $name', ({ attack, name, own, distance }) => {
  const explainer = explainers.filter(isWhiteBox).find((e) => e.name === name)!;
  const attribution = (m: Model, of: Node) =>
    explainer.attribution({ model: m, target: of, options: explainer.options.parse({}) });
  const program = engine.compile({ map: attribution(model, target), logits: model.logits });
  const options = { ...own, steps: 30, target: 'corner', judgeEvery: 3 };

  /** Distance of each picture's map to the wanted one on the model as it is; infinite where the prediction is another. */
  async function distances(images: readonly Tensor[], label: number, wanted: Tensor): Promise<number[]> {
    const pixels = tensor(
      [images.length, 3, 12, 12],
      images.flatMap(({ data }) => Array.from(data)),
    );
    const { map, logits } = await program.run({ pixels, target: oneHot(label, model.classes, images.length) });
    return images.map((_, n) => {
      if (argMax(at(logits, n).data) !== label) return Infinity;
      const { values } = toHeatmap(at(map, n), { channels: 'abs-sum', sign: 'absolute', normalise: 'sum' });
      return distance(values, wanted.data);
    });
  }

  it('lowers its loss, does no worse in a larger ball, and better than random search in the same one', async () => {
    const [small, large] = [0.01, 0.05].map((epsilon) => prepare(attack, { ...options, epsilon }, attribution));
    const reached = { clean: 0, small: 0, large: 0, random: 0 };
    for (let seed = 0; seed < 4; seed++) {
      const v = await victim(seed);
      const [near, far] = [await runOne(small, v), await runOne(large, v)];
      expect(Math.min(...far.losses!.slice(-5))).toBeLessThan(far.losses![0]);
      const rng = createRng(seed, 'search');
      // More queries than the attack has steps.
      const guesses = Array.from({ length: 200 }, () => ({
        shape: v.image.shape,
        data: v.image.data.map((p) => Math.min(Math.max(p + (rng.uniform() < 0.5 ? -0.05 : 0.05), 0), 1)),
      }));
      const wanted = far.targetMap!;
      const [clean, a, b] = await distances([v.image, near.image, far.image], v.target, wanted);
      reached.clean += clean;
      reached.small += a;
      reached.large += b;
      reached.random += Math.min(clean, ...(await distances(guesses, v.target, wanted)));
    }
    expect(reached.small).toBeLessThan(reached.clean);
    expect(reached.large).toBeLessThan(reached.small);
    expect(reached.large).toBeLessThan(reached.random);
  });
});

it('reaches the target where nothing hides the gradient: the plain gradient of a net without kinks', async () => {
  const file = fileURLToPath(new URL('../../zoo/scenes-vgg.onnx', import.meta.url));
  const preprocessing = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
  const smooth = rebuild(await loadModel({ file, preprocessing }), (node) =>
    node.op === 'relu' ? g.softplus(node.inputs[0], 10) : node,
  );
  const attribution = (m: Model, of: Node) => g.grad(g.reduceSum(g.mul(m.logits, of), [1]), [m.input])[0];
  const program = engine.compile({
    map: attribution(smooth, g.input('target', ['N', smooth.classes])),
    logits: smooth.logits,
  });
  const { image, label } = scene(0, 'test', 1);
  const feeds = { target: oneHot(label, smooth.classes) };
  const attack = attackOf('targeted-manipulation');
  const options = attack.options.parse({ steps: 250, learningRate: 0.01, explanationWeight: 7e8 });
  const [result] = await runAttack(
    attack.prepare({ engine, model: smooth, attribution, options }),
    [{ image, target: label, other: () => Promise.resolve(scene(0, 'test', 6).image), rng: createRng(0) }],
    async (pixels) => (await program.run({ pixels, target: oneHot(0, smooth.classes) })).logits,
  );
  const seen = (map: Tensor) => toHeatmap(map, { channels: 'abs-sum', sign: 'absolute', normalise: 'max' });
  const mapOf = async (picture: Tensor) => at((await program.run({ ...feeds, pixels: batchOf(picture) })).map, 0);
  const similarity = async (picture: Tensor) => ssim(seen(await mapOf(picture)), seen(result.targetMap!));
  expect(result.labelChanged).toBe(false);
  expect(await similarity(image)).toBeLessThan(0.4);
  expect(await similarity(result.image)).toBeGreaterThan(0.8);
}, 60_000);
