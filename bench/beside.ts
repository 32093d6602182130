/**
 * Times each explainer beside Captum's, zennit's or pytorch-grad-cam's on the same net, in turns, the best of each:
 * `tsx bench/beside.ts --python PYTHON [--rounds 5] [--model vgg16|resnet50] [--job NAME]`. Prints JSON lines; `ratio` is theirs over ours.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { createPrograms } from '../src/experiment/programs.ts';
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
    model: { type: 'string' },
    job: { type: 'string' },
  },
});

interface Job {
  readonly name: string;
  readonly use: string;
  readonly options?: object;
  /** Rounds where the job takes minutes; the first is then not thrown away. */
  readonly rounds?: number;
}

const once = (use: string, options?: object, rounds = 1): Job => ({ name: use, use, options, rounds });
const jobs: readonly Job[] = [
  { name: 'forward', use: 'forward' },
  ...['gradient', 'gradient-x-input', 'guided-backprop', 'deconvnet', 'deeplift', 'fullgrad'].map((use) => ({
    name: use,
    use,
  })),
  ...['grad-cam', 'grad-cam-plus-plus', 'hires-cam', 'layer-cam', 'xgrad-cam'].map((use) => ({ name: use, use })),
  ...['epsilon-plus', 'epsilon-gamma-box'].map((composite) => ({
    name: `lrp ${composite}`,
    use: 'lrp',
    options: { composite },
  })),
  once('ig', { steps: 50 }, 2),
  once('smoothgrad', { samples: 25 }, 2),
  once('occlusion', { window: 32, stride: 16 }, 2),
  once('kernel-shap', { segments: 'grid', count: 49, samples: 128 }, 2),
  once('lime', { segments: 'grid', count: 49, samples: 128 }, 2),
  once('ablation-cam'),
  once('score-cam'),
].filter(({ name }) => values.job === undefined || name === values.job);

const short = (v: number) => Number(v.toPrecision(3));
const image = tensor(
  [1, 3, 224, 224],
  new Float32Array(3 * 224 * 224).map(() => Math.random()),
);

async function report(model: Model): Promise<void> {
  const peer = startPeer(values.python, 'explainers.py', model.name);
  for (const { name, use, options = {}, rounds } of jobs) {
    // One engine a job: what an earlier one compiled would only take memory.
    const engine = createOnnxRuntimeEngine({ cacheBytes: 16 * 2 ** 30 });
    const programs = createPrograms(engine, model);
    const explain = () => {
      if (use === 'forward') return () => programs.predict(image);
      const definition = explainers.find((e) => e.name === use)!;
      const wrapped =
        'wraps' in definition ? { definition: explainers.find((e) => e.name === 'gradient')!, options: {} } : undefined;
      const run = programs.explain({ definition, options: definition.options.parse(options), wrapped });
      return () => run(image, 7, createRng(0));
    };
    const ours = explain();
    const best = { ours: Infinity, theirs: Infinity };
    for (let round = rounds === undefined ? -1 : 0; round < (rounds ?? Number(values.rounds)); round++) {
      const start = performance.now();
      await ours();
      const mine = performance.now() - start;
      const theirs = await peer.time(name);
      if (round < 0) continue;
      best.ours = Math.min(best.ours, mine);
      best.theirs = Number.isNaN(theirs) ? NaN : Math.min(best.theirs, theirs);
    }
    await engine.release();
    const milliseconds = { ours: short(best.ours), theirs: short(best.theirs) };
    console.log(
      JSON.stringify({
        model: model.name,
        job: name,
        cores: cpus().length,
        ...milliseconds,
        ratio: short(best.theirs / best.ours),
      }),
    );
  }
  peer.end();
}

for (const model of [vgg16(), resnet50()])
  if (values.model === undefined || values.model === model.name) await report(model);
