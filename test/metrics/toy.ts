import type { MapContext, MapMetric, Outcome, SimilarityMetric } from '../../metrics/metric.ts';
import { scoreMap, scoreSimilarity } from '../../metrics/score.ts';
import { turnedOnHost } from '../../metrics/turned.ts';
import { toHeatmap, type HeatmapStep } from '../../src/numeric/heatmap.ts';
import { createRng } from '../../src/numeric/random.ts';
import { sum } from '../../src/numeric/statistics.ts';
import { at, sizeOf, stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';

const classes = 3;

/** A tensor of values drawn uniformly from [low, high). */
export function randomTensor(shape: readonly number[], key: string, low = 0, high = 1): Tensor {
  const rng = createRng(1, key);
  const data = Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * rng.uniform());
  return tensor(shape, data);
}

const weights = new Map<number, Tensor>();

/** The logits `[3]` of one picture by a linear model whose weights follow from the picture's size alone. */
export function logitsOf({ data }: Tensor): number[] {
  const model = weights.get(data.length) ?? randomTensor([classes, data.length], 'weights', -1, 1);
  weights.set(data.length, model);
  const gain = 10 / Math.sqrt(data.length);
  return Array.from({ length: classes }, (_, k) => {
    let logit = 0;
    for (let i = 0; i < data.length; i++) logit += data[i] * model.data[k * data.length + i];
    return gain * logit;
  });
}

/** The logits `[N,3]` of pictures `[N,C,H,W]` by that model. */
export async function predict({ shape, data }: Tensor): Promise<Tensor> {
  const images = tensor(shape, data); // Throws where there are more or fewer values than the shape says.
  const n = shape[0];
  return tensor([n, classes], Array.from({ length: n }, (_, i) => logitsOf(at(images, i))).flat());
}

/** The score of an attribution `[C,H,W]` in a toy context: a random picture, a linear model, all defaults unless overridden. */
export function scoreOf(
  metric: MapMetric,
  attribution: Tensor,
  {
    options = {},
    step = metric.heatmap,
    seed = 0,
    ...rest
  }: Partial<Omit<MapContext<unknown>, 'options'>> & { options?: object; step?: HeatmapStep; seed?: number } = {},
): Promise<Outcome> {
  const [, height, width] = attribution.shape;
  return scoreMap(metric, {
    heatmap: toHeatmap(attribution, step),
    attribution,
    image: randomTensor([3, height, width], 'image'),
    target: 1,
    predict,
    predictTurned: turnedOnHost(rest.predict ?? predict),
    // Neighbours get the attribution scaled by the mean of the noisy picture; other classes and models see it turned round.
    explain: async (images, other) => {
      const own = other ? attribution.data.toReversed() : attribution.data;
      return stack(
        Array.from({ length: images.shape[0] }, (_, i) => {
          const { data } = at(images, i);
          const mean = sum(data) / data.length;
          return { shape: attribution.shape, data: own.map((v) => v * mean) };
        }),
      );
    },
    represent: predict,
    heatmapOf: (map) => toHeatmap(map, step),
    weightLayers: ['first', 'second'],
    options: metric.options.parse(options),
    rng: createRng(seed),
    ...rest,
  });
}

/** The similarity of two attributions `[C,H,W]` after the metric's own heatmap step. */
export function similarityOf(metric: SimilarityMetric, a: Tensor, b: Tensor, options: object = {}): Promise<Outcome> {
  return scoreSimilarity(metric, {
    a: toHeatmap(a, metric.heatmap),
    b: toHeatmap(b, metric.heatmap),
    options: metric.options.parse(options),
  });
}

/** The value of an outcome; fails the test when there is none. */
export function valueOf(outcome: Outcome): number {
  if ('reason' in outcome) throw new Error(`no value: ${outcome.reason}`);
  return outcome.value;
}
