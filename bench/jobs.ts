import { attacks } from '../attacks/index.ts';
import { metrics } from '../metrics/index.ts';
import type { MapContext, MapMetric } from '../metrics/metric.ts';
import { scoreMap } from '../metrics/score.ts';
import type { Engine } from '../src/engine/engine.ts';
import { attributionOf, createPrograms, type Chosen } from '../src/experiment/programs.ts';
import { explainers, type Explainer } from '../src/explainers/index.ts';
import type { Model } from '../src/model/model.ts';
import { gaussianBlur } from '../src/numeric/blur.ts';
import { toHeatmap } from '../src/numeric/heatmap.ts';
import { createRng } from '../src/numeric/random.ts';
import { batchOf, tensor, type Tensor } from '../src/numeric/tensor.ts';

/** One thing to time on one picture. The peers have theirs by the same name in peers/. */
export interface Job {
  /** Takes many passes: a fifth of the rounds. */
  readonly long?: boolean;
  /** Not in the table of docs/performance.md: only timed where asked for by name. */
  readonly extra?: boolean;
  prepare(engine: Engine, model: Model): () => Promise<unknown>;
}

const target = 7;

function picture([height, width]: readonly number[], key = 'picture'): Tensor {
  const rng = createRng(0, key);
  const data = Float32Array.from({ length: 3 * height * width }, () => rng.uniform());
  return tensor([3, height, width], data);
}

const victimOf = ({ size }: Model) => ({
  image: picture(size),
  target,
  rng: createRng(0),
  other: () => Promise.reject(new Error('not asked for')),
});

const byName = <T extends { readonly name: string }>(all: readonly T[], name: string): T =>
  all.find((one) => one.name === name)!;

function explainer(use: string, options: object): Chosen<Explainer> {
  const definition = byName(explainers, use);
  const wrapped = 'wraps' in definition ? explainer('gradient', {}) : undefined;
  return { definition, options: definition.options.parse(options), wrapped };
}

const explain = (use: string, options: object = {}): Job => ({
  prepare(engine, model) {
    const run = createPrograms(engine, model).explain(explainer(use, options));
    const image = batchOf(picture(model.size));
    return () => run(image, target, createRng(0));
  },
});

const attack = (use: string, options: object, explained?: Chosen<Explainer>): Job => ({
  long: true,
  prepare(engine, model) {
    const definition = byName(attacks, use);
    const attribution = explained && attributionOf(explained);
    const run = definition.prepare({ engine, model, attribution, options: definition.options.parse(options) });
    return () => run([victimOf(model)]);
  },
});

const manipulation = (use: string, options: object = {}): Job =>
  attack('targeted-manipulation', { steps: 5, target: 'uniform' }, explainer(use, options));

const score = (use: string, options: object): Job => ({
  long: true,
  prepare(engine, model) {
    const metric = metrics.find((m): m is MapMetric => m.kind === 'map' && m.name === use)!;
    const { predict, predictTurned } = createPrograms(engine, model);
    const attribution = gaussianBlur(picture(model.size, 'map'), 29, 7);
    const image = picture(model.size);
    const given = { attribution, image, target, predict, predictTurned, options: metric.options.parse(options) };
    return () =>
      scoreMap(metric, {
        ...given,
        heatmap: toHeatmap(attribution, metric.heatmap),
        rng: createRng(0),
      } as unknown as MapContext<unknown>);
  },
});

const forward: Job = {
  prepare(engine, model) {
    const { predict } = createPrograms(engine, model);
    const image = batchOf(picture(model.size));
    return () => predict(image);
  },
};

const extra = (job: Job, long = job.long): Job => ({ ...job, long, extra: true });
const extras = (names: readonly string[], make: (name: string) => Job) =>
  Object.fromEntries(names.map((name) => [name, extra(make(name))]));
const onGrid = { segments: 'grid', count: 49, samples: 128 };

/** What is timed, by name. */
export const jobs: Readonly<Record<string, Job>> = {
  forward,
  gradient: explain('gradient'),
  'grad-cam': explain('grad-cam'),
  'ig-50': { ...explain('ig', { steps: 50 }), long: true },
  lrp: explain('lrp', { composite: 'epsilon-plus' }),
  srd: explain('srd'),
  'srd-apop': explain('srd-apop'),
  'manipulation-5': manipulation('gradient'),
  'pgd-40': attack('pgd', { steps: 40, epsilon: 8 / 255 }),
  'deletion-225': score('deletion', { steps: 224 }),
  ...extras(['gradient-x-input', 'guided-backprop', 'deconvnet', 'deeplift', 'fullgrad'], explain),
  ...extras(['grad-cam-plus-plus', 'hires-cam', 'layer-cam', 'xgrad-cam'], explain),
  'lrp-gamma-box': extra(explain('lrp', { composite: 'epsilon-gamma-box' })),
  'smoothgrad-25': extra(explain('smoothgrad', { samples: 25 }), true),
  'occlusion-32': extra(explain('occlusion', { window: 32, stride: 16 }), true),
  'kernel-shap-128': extra(explain('kernel-shap', onGrid), true),
  'lime-128': extra(explain('lime', onGrid), true),
  road: extra(score('road', {}), true),
  'ablation-cam': extra(explain('ablation-cam'), true),
  'score-cam': extra(explain('score-cam'), true),
  ...Object.fromEntries(
    ['gradient-x-input', 'guided-backprop', 'grad-cam', 'ig', 'lrp', 'srd', 'srd-apop'].map((use) => [
      `manipulation-5 ${use}`,
      extra(manipulation(use, use === 'ig' ? { steps: 4 } : {})),
    ]),
  ),
};
