/**
 * Times a step of targeted manipulation on each explainer beside PyTorch's double backward on the same net, in turns, the best of each:
 * `tsx bench/manipulation.ts --python PYTHON [--rounds 5] [--steps 4] [--model vgg16|resnet50] [--explainer NAME]`. Prints JSON lines; `ratio` is theirs
 * over ours, NaN (null) where PyTorch has no such explainer.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { attacks, type PreparedAttack } from '../attacks/index.ts';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { attributionOf } from '../src/experiment/programs.ts';
import { explainers } from '../src/explainers/index.ts';
import type { Model } from '../src/model/model.ts';
import { createRng } from '../src/numeric/random.ts';
import { tensor } from '../src/numeric/tensor.ts';
import { startPeer } from './peer-process.ts';
import { resnet50 } from './resnet50.ts';
import { vgg16 } from './vgg16.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '4' },
    threads: { type: 'string' },
    model: { type: 'string' },
    explainer: { type: 'string' },
  },
});
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];

/** IG's steps are those of the peer. */
const jobs = [
  { use: 'gradient' },
  { use: 'gradient-x-input' },
  { use: 'guided-backprop' },
  { use: 'grad-cam' },
  { use: 'ig', options: { steps: 4 } },
  { use: 'lrp', options: { composite: 'epsilon-plus' } },
  { use: 'srd', alone: true },
  { use: 'srd-apop', alone: true },
].filter(({ use }) => values.explainer === undefined || use === values.explainer);

const short = (v: number) => Number(v.toPrecision(3));
const image = tensor(
  [3, 224, 224],
  new Float32Array(3 * 224 * 224).map(() => Math.random()),
);

async function report(model: Model): Promise<void> {
  const peer = startPeer(values.python, 'manipulation.py', model.name);
  for (const { use, options = {}, alone = false } of jobs) {
    // One engine a job: what an earlier one compiled would only take memory.
    const threads = values.threads === undefined ? undefined : Number(values.threads);
    const engine = createOnnxRuntimeEngine({ cacheBytes: 16 * 2 ** 30, threads });
    const definition = explainers.find((e) => e.name === use)!;
    const attribution = attributionOf({ definition, options: definition.options.parse(options) })!;
    const attack = attacks.find(({ name }) => name === 'targeted-manipulation')!;
    const prepared = (count: number): PreparedAttack =>
      attack.prepare({
        engine,
        model,
        attribution,
        options: attack.options.parse({ target: 'uniform', steps: count }),
      });
    const victim = { image, target: 7, rng: createRng(0), other: () => Promise.reject(new Error('not asked for')) };
    const time = async (run: PreparedAttack) => {
      const start = performance.now();
      await run([victim]);
      return performance.now() - start;
    };
    // What is done once a picture cancels out in the difference.
    const [few, more] = [prepared(1), prepared(1 + steps)];
    const best = { ours: Infinity, theirs: alone ? NaN : Infinity };
    for (let round = -1; round < rounds; round++) {
      const once = await time(few);
      const mine = ((await time(more)) - once) / steps;
      const theirs = alone ? NaN : await peer.time(`${use} ${steps}`);
      if (round < 0) continue;
      best.ours = Math.min(best.ours, mine);
      best.theirs = Number.isNaN(theirs) ? NaN : Math.min(best.theirs, theirs);
    }
    await engine.release();
    const line = { model: model.name, explainer: use, cores: threads ?? cpus().length };
    const milliseconds = { ours: short(best.ours), theirs: short(best.theirs) };
    console.log(JSON.stringify({ ...line, ...milliseconds, ratio: short(best.theirs / best.ours) }));
  }
  peer.end();
}

for (const model of [vgg16(), resnet50()])
  if (values.model === undefined || values.model === model.name) await report(model);
