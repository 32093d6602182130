import { describe, expect, it } from 'vitest';
import { avgSensitivity } from '../../metrics/avg-sensitivity.ts';
import { localLipschitz } from '../../metrics/local-lipschitz.ts';
import { maxSensitivity } from '../../metrics/max-sensitivity.ts';
import type { MapMetric } from '../../metrics/metric.ts';
import { ris } from '../../metrics/ris.ts';
import { ros } from '../../metrics/ros.ts';
import { rrs } from '../../metrics/rrs.ts';
import { at, stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { randomTensor, scoreOf, valueOf } from './toy.ts';

const shape = [3, 4, 5];
const image = randomTensor(shape, 'image', 0.1, 0.9);
const attribution = randomTensor(shape, 'attribution', -1, 1);

const each = (images: Tensor, of: (image: Tensor, i: number) => Tensor) =>
  stack(Array.from({ length: images.shape[0] }, (_, i) => of(at(images, i), i)));

/** Keeps what a metric saw: neighbours and their attributions, by a smooth explainer of the picture. */
function recorder() {
  const seen: { image: Tensor; attribution: Tensor }[] = [];
  const explain = async (images: Tensor) =>
    each(images, (x) => {
      const e = tensor(
        shape,
        attribution.data.map((v, i) => v * (1 + 3 * (x.data[i] - image.data[i])) + 0.1 * (x.data[0] - image.data[0])),
      );
      seen.push({ image: tensor(shape, x.data.slice()), attribution: e });
      return e;
    });
  return { seen, explain };
}

const logits = (x: Tensor) => [x.data[0], 3 + x.data[1] * x.data[2], x.data[3]];
const predict = async (images: Tensor) => each(images, (x) => tensor([3], logits(x)));
const inner = (x: Tensor) => [Math.exp(x.data[0]), 0, x.data[7]];
const represent = async (images: Tensor) => each(images, (x) => tensor([3], inner(x)));

const length = (values: readonly number[]) => Math.hypot(...values);
const minus = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (v, i) => v - b[i]);
const relative = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  minus(a, b).map((d, i) => d / (a[i] === 0 ? 1e-6 : a[i]));
const ofNorms = (a: ArrayLike<number>, b: ArrayLike<number>) => length(minus(a, b)) / length(Array.from(a));

describe.each(['elementwise', 'norms'])('relative stability, %s', (variant) => {
  const f32 = (values: readonly number[]) => Float32Array.from(values);
  const change = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    variant === 'norms' ? ofNorms(a, b) : length(relative(a, b));
  it.each<[MapMetric, (x: Tensor) => number]>([
    [ris as MapMetric, (x) => change(image.data, x.data)],
    [rrs as MapMetric, (x) => change(f32(inner(image)), f32(inner(x)))],
    [
      ros as MapMetric,
      (x) =>
        variant === 'norms'
          ? change(f32(logits(image)), f32(logits(x)))
          : length(minus(f32(logits(image)), f32(logits(x)))),
    ],
  ])('$name is the largest ratio', async (metric, denominator) => {
    const { seen, explain } = recorder();
    const options = { variant, samples: 5 };
    const outcome = await scoreOf(metric, attribution, { image, explain, predict, represent, options });
    const ratios = seen.map(({ image: x, attribution: e }) => change(attribution.data, e.data) / denominator(x));
    expect(ratios).toHaveLength(5);
    expect(valueOf(outcome) / Math.max(...ratios)).toBeCloseTo(1, 10);
    expect(outcome.discarded).toBe(0);
  });

  it('has a floor under the denominator and under zeros of the attribution', async () => {
    const sparse = tensor(
      shape,
      attribution.data.map((v, i) => (i === 4 ? 0 : i === 5 ? 2 : v / 2)),
    );
    const moved = tensor(
      shape,
      sparse.data.map((v, i) => (i === 4 ? 1 : v)),
    );
    const still = async (images: Tensor) => each(images, () => tensor([3], [1, 5, 1]));
    const explain = async (images: Tensor) => each(images, () => moved);
    const options = { variant, samples: 1 };
    const value = valueOf(await scoreOf(ros as MapMetric, sparse, { image, explain, predict: still, options }));
    // The largest magnitude is 2: zero counts as 2e-6.
    const change = variant === 'norms' ? 1 / length(Array.from(sparse.data)) : 1 / 2e-6;
    expect(value / (change / 1e-6)).toBeCloseTo(1, 10);
  });
});

it('a zero representation has no relative change of norms', async () => {
  const options = { variant: 'norms' };
  const nothing = async (images: Tensor) => each(images, () => tensor([2], [0, 0]));
  expect(await scoreOf(rrs as MapMetric, attribution, { represent: nothing, options })).toHaveProperty(
    'reason',
    expect.stringContaining('zero everywhere'),
  );
});

it('rrs asks for the layer that it is told', async () => {
  const asked = new Set<string | undefined>();
  const listen = (images: Tensor, layer?: string) => {
    asked.add(layer);
    return represent(images);
  };
  await scoreOf(rrs as MapMetric, attribution, { represent: listen, options: { layer: 'relu5' } });
  await scoreOf(rrs as MapMetric, attribution, { represent: listen });
  expect(asked).toEqual(new Set(['relu5', undefined]));
});

it('the local Lipschitz estimate compares maps after the heatmap step', async () => {
  const { seen, explain } = recorder();
  const outcome = await scoreOf(localLipschitz, attribution, { image, explain, predict, options: { samples: 6 } });
  const heatmap = ({ data }: Tensor) => {
    const summed = Array.from({ length: 20 }, (_, p) => data[p] + data[20 + p] + data[40 + p]);
    const most = Math.max(...summed.map(Math.abs));
    return summed.map((v) => v / most);
  };
  const slopes = seen.map(
    ({ image: x, attribution: e }) =>
      length(minus(heatmap(e), heatmap(attribution))) / length(minus(x.data, image.data)),
  );
  expect(valueOf(outcome) / Math.max(...slopes)).toBeCloseTo(1, 10);
});

describe('neighbours of another prediction', () => {
  // The label follows the first pixel: about half of the neighbours keep it.
  const edge = tensor(
    shape,
    image.data.map((v, i) => (i === 0 ? 0.5 : v)),
  );
  const byFirst = async (images: Tensor) => each(images, (x) => tensor([2], x.data[0] >= 0.5 ? [0, 1] : [1, 0]));
  const never = async (images: Tensor) => each(images, (x) => tensor([2], x.data[0] === 0.5 ? [0, 1] : [1, 0]));
  const discarding: [MapMetric, object][] = [
    [localLipschitz as MapMetric, {}],
    [ris as MapMetric, {}],
    [rrs as MapMetric, {}],
    [ros as MapMetric, {}],
    [maxSensitivity as MapMetric, { sameLabel: true }],
    [avgSensitivity as MapMetric, { sameLabel: true }],
  ];

  it.each(discarding)('$name discards and counts them, and explains them not', async (metric, options) => {
    const { seen, explain } = recorder();
    const outcome = await scoreOf(metric, attribution, {
      image: edge,
      explain,
      represent,
      predict: byFirst,
      options: { ...options, samples: 50 },
    });
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.length).toBeLessThan(40);
    expect(seen.every(({ image: x }) => x.data[0] >= 0.5)).toBe(true);
    expect(outcome.discarded).toBeCloseTo(1 - seen.length / 50, 12);
    expect(valueOf(outcome)).toBeGreaterThan(0);
  });

  it.each(discarding)('$name has no value without any other', async (metric, options) => {
    const outcome = await scoreOf(metric, attribution, { image: edge, represent, predict: never, options });
    expect(outcome).toEqual({ reason: 'the prediction changes at every neighbour', discarded: 1 });
  });

  it('count for the sensitivities unless told otherwise', async () => {
    const outcome = await scoreOf(maxSensitivity as MapMetric, attribution, { image: edge, predict: never });
    expect(outcome.discarded).toBeUndefined();
    expect(valueOf(outcome)).toBeGreaterThan(0);
  });
});

it('batches of one give the same as batches', async () => {
  for (const metric of [localLipschitz, ris, rrs, ros, maxSensitivity] as MapMetric[]) {
    const { explain } = recorder();
    const single = async (images: Tensor) =>
      stack(
        await Promise.all(
          Array.from({ length: images.shape[0] }, async (_, i) =>
            at(await explain({ shape: [1, ...shape], data: at(images, i).data }), 0),
          ),
        ),
      );
    const score = (by: typeof explain) =>
      scoreOf(metric, attribution, { image, explain: by, predict, represent, options: { samples: 40 } });
    expect(await score(single)).toEqual(await score(explain));
  }
});
