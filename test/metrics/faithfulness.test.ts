import { describe, expect, it } from 'vitest';
import { aopc } from '../../metrics/aopc.ts';
import { averageDrop } from '../../metrics/average-drop.ts';
import { averageIncrease } from '../../metrics/average-increase.ts';
import { faithfulnessCorrelation } from '../../metrics/faithfulness-correlation.ts';
import { faithfulnessEstimate } from '../../metrics/faithfulness-estimate.ts';
import { infidelity, misfit } from '../../metrics/infidelity.ts';
import type { MapMetric } from '../../metrics/metric.ts';
import { normalNoise } from '../../metrics/noise.ts';
import { patchPath } from '../../metrics/patches.ts';
import { pixelFlipping } from '../../metrics/pixel-flipping.ts';
import { roadLerf } from '../../metrics/road-lerf.ts';
import { road } from '../../metrics/road.ts';
import { sufficiency } from '../../metrics/sufficiency.ts';
import { createRng } from '../../src/numeric/random.ts';
import { at, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { randomTensor, scoreOf, valueOf } from './toy.ts';

describe('by hand', () => {
  // Four pixels of one row; class 0 has the logit ln 3 times the red of the first pixel, class 1 the logit 0. p = 3/4 with it, 1/2 without.
  const image = tensor([3, 1, 4], [1, 0.5, 0.5, 0.5, 1, 1, 1, 1, 0, 0, 0, 0]);
  const predict = async (images: Tensor) => {
    const n = images.shape[0];
    return tensor([n, 2], Array.from({ length: n }, (_, i) => [Math.log(3) * at(images, i).data[0], 0]).flat());
  };
  const map = (...values: number[]) => tensor([1, 1, 4], values);
  const context = { image, predict, target: 0 };

  it('pixel flipping is the mean over all points', async () => {
    const value = async (m: Tensor) => valueOf(await scoreOf(pixelFlipping, m, context));
    expect(await value(map(4, 3, 2, 1))).toBeCloseTo((3 / 4 + 4 * (1 / 2)) / 5, 6);
    expect(await value(map(2, 4, 3, 1))).toBeCloseTo((3 * (3 / 4) + 2 * (1 / 2)) / 5, 6);
  });

  it('AOPC is the mean drop over the first patches', async () => {
    const options = { patch: 2, steps: 1, baseline: 'black' };
    // The drop is 0 at the start and 1/4 once the first patch is gone.
    expect(valueOf(await scoreOf(aopc, map(3, 0, 1, 1), { ...context, options }))).toBeCloseTo(1 / 8, 6);
    expect(valueOf(await scoreOf(aopc, map(0, 1, 1, 1), { ...context, options }))).toBeCloseTo(0, 6);
  });

  it('sufficiency is what the strongest pixels leave unexplained', async () => {
    const options = { percentages: [50, 25], baseline: 'black' };
    expect(valueOf(await scoreOf(sufficiency, map(4, 3, 2, 1), { ...context, options }))).toBeCloseTo(0, 6);
    // Alone the second pixel gives 1/2, with the first it gives 3/4.
    expect(valueOf(await scoreOf(sufficiency, map(3, 4, 2, 1), { ...context, options }))).toBeCloseTo(1 / 8, 6);
  });

  it('average drop and increase compare with the masked picture', async () => {
    const outcome = (m: Tensor) => scoreOf(averageDrop, m, context);
    expect(valueOf(await outcome(map(0, 1, 0, 0)))).toBeCloseTo((3 / 4 - 1 / 2) / (3 / 4), 6);
    // Half of the red is left: √3 / (1 + √3).
    const half = Math.sqrt(3) / (1 + Math.sqrt(3));
    expect(valueOf(await outcome(map(1, 2, -1, 0)))).toBeCloseTo((3 / 4 - half) / (3 / 4), 6);
    // Whatever the heatmap step: divided by its largest value, 0 where it is negative; without a positive value nothing is left.
    const step = { channels: 'sum', sign: 'signed', normalise: 'none' } as const;
    const unscaled = async (m: Tensor) => valueOf(await scoreOf(averageDrop, m, { ...context, step }));
    expect(await unscaled(map(1, 2, -1, 0))).toBeCloseTo((3 / 4 - half) / (3 / 4), 6);
    expect(await unscaled(map(-3, -2, -1, 0))).toBeCloseTo((3 / 4 - 1 / 2) / (3 / 4), 6);
    const other = { ...context, target: 1 };
    expect(await scoreOf(averageIncrease, map(0, 1, 0, 0), other)).toEqual({ value: 1 });
    expect(await scoreOf(averageDrop, map(0, 1, 0, 0), other)).toEqual({ value: 0 });
    expect(await scoreOf(averageIncrease, map(0, 1, 0, 0), context)).toEqual({ value: 0 });
  });

  it('faithfulness estimate correlates relevance with the drop of each group', async () => {
    // Drops (1/4, 0, 0, 0) against (4, 3, 2, 1) less 2.5: 1.5 · 1/4 over √5 · 1/4 · √(3/4).
    const outcome = await scoreOf(faithfulnessEstimate, map(4, 3, 2, 1), context);
    expect(valueOf(outcome)).toBeCloseTo(1.5 / Math.sqrt(5 * 0.75), 6);
    const blind = { ...context, predict: async ({ shape }: Tensor) => tensor([shape[0], 2]) };
    expect(await scoreOf(faithfulnessEstimate, map(4, 3, 2, 1), blind)).toEqual({
      reason: 'the score drops alike whatever is removed',
    });
  });

  it('ROAD imputes a pixel from its neighbours', async () => {
    // Alone in its row the first pixel becomes the second's 1/2: p = √3 / (1 + √3). With its lerf order it stays.
    const options = { percentages: [25], noise: 0 };
    const half = Math.sqrt(3) / (1 + Math.sqrt(3));
    expect(valueOf(await scoreOf(road, map(4, 3, 2, 1), { ...context, options }))).toBeCloseTo(half, 4);
    expect(valueOf(await scoreOf(roadLerf, map(4, 3, 2, 1), { ...context, options }))).toBeCloseTo(3 / 4, 6);
    const accuracy = { ...options, variant: 'quantus' };
    expect(await scoreOf(road, map(4, 3, 2, 1), { ...context, options: accuracy })).toHaveProperty('value', 1);
    const other = { ...context, target: 1, options: accuracy };
    expect(await scoreOf(road, map(4, 3, 2, 1), other)).toHaveProperty('value', 0);
  });
});

describe('a linear score', () => {
  // The logit is a sum over the picture, so the drop is what was removed.
  const weights = randomTensor([3, 8, 9], 'linear', -1, 1);
  const image = randomTensor([3, 8, 9], 'image');
  const predict = async (images: Tensor) => {
    const n = images.shape[0];
    const logit = (i: number) => at(images, i).data.reduce((s, v, p) => s + v * weights.data[p], 0) / 100;
    return tensor([n, 2], Array.from({ length: n }, (_, i) => [logit(i), 0]).flat());
  };
  const colour: [number, number, number] = [0.2, 0.9, 0.6];
  const above = (of: readonly number[]) => weights.data.map((w, p) => w * (image.data[p] - of[Math.floor(p / 72)]));
  const contribution = { ...weights, data: above([0, 0, 0]) };

  it('is correlated fully with its contributions', async () => {
    for (const metric of [faithfulnessCorrelation, faithfulnessEstimate])
      for (const variant of ['pixels', 'quantus']) {
        const outcome = await scoreOf(metric, contribution, { image, predict, target: 0, options: { variant } });
        // The probability is linear only nearly; the logit is.
        expect(valueOf(outcome)).toBeCloseTo(1, variant === 'quantus' ? 5 : 3);
      }
  });

  it.each([
    ['square', 'black', contribution],
    ['square', colour, { ...weights, data: above(colour) }],
    ['gaussian', 'black', contribution],
  ])('is foretold by its contributions and by its gradient: %s, %s', async (perturbation, baseline, contributions) => {
    const value = async (map: Tensor, multiplyByInputs: boolean) => {
      const options = { perturbation, baseline, multiplyByInputs };
      return valueOf(await scoreOf(infidelity, map, { image, predict, target: 0, options }));
    };
    const none = await value(tensor([1, 8, 9]), true);
    expect((await value(contributions, true)) / none).toBeLessThan(1e-3);
    expect((await value(weights, false)) / none).toBeLessThan(1e-3);
    expect((await value(randomTensor([3, 8, 9], 'unrelated', -1, 1), true)) / none).toBeGreaterThan(0.1);
  });
});

describe('what is removed', () => {
  const [height, width] = [6, 8];
  const white = tensor([3, height, width], new Float32Array(3 * height * width).fill(1));
  /** The places that turned black, in all channels alike, picture by picture; the clean one comes first. */
  async function removedBy(metric: MapMetric, options: object): Promise<number[][]> {
    const seen: number[][] = [];
    const predict = async (images: Tensor) => {
      const rows = Array.from({ length: images.shape[0] }, (_, i) => {
        const { data } = at(images, i);
        const black = [...data.keys()].filter((p) => data[p] === 0);
        seen.push(black.filter((p) => p < height * width));
        expect(black.length).toBe(3 * seen.at(-1)!.length);
        return [black.reduce((s, p) => s + Math.sin(p), 0), 0];
      });
      return tensor([rows.length, 2], rows.flat());
    };
    const map = randomTensor([1, height, width], 'removed', -1, 1);
    valueOf(
      await scoreOf(metric, map, { image: white, predict, target: 0, options: { ...options, baseline: 'black' } }),
    );
    expect(seen[0]).toEqual([]);
    return seen.slice(1);
  }

  it('are random subsets of the wanted size, at most half of the pixels', async () => {
    const removed = await removedBy(faithfulnessCorrelation as MapMetric, { runs: 300, subset: 5 });
    expect(removed.map(({ length }) => length)).toEqual(Array(300).fill(5));
    // Each pixel is in 300 · 5 / 48 = 31 of them, with a standard deviation of 5.3.
    const counts = Array.from({ length: 48 }, (_, p) => removed.filter((one) => one.includes(p)).length);
    expect(Math.min(...counts)).toBeGreaterThan(31 - 4 * 5.3);
    expect(Math.max(...counts)).toBeLessThan(31 + 4 * 5.3);
    const large = await removedBy(faithfulnessCorrelation as MapMetric, { runs: 3, subset: 40 });
    expect(large.map(({ length }) => length)).toEqual([24, 24, 24]);
  });

  it('are squares of a share of the shorter side, anywhere in the picture', async () => {
    const removed = await removedBy(infidelity as MapMetric, { samples: 200, side: 0.5 });
    const square = (corner: number) => [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => corner + y * width + x));
    for (const one of removed) expect(one).toEqual(square(one[0]));
    const corners = [0, 1, 2, 3].flatMap((y) => [0, 1, 2, 3, 4, 5].map((x) => y * width + x));
    expect([...new Set(removed.map(([corner]) => corner))].sort((a, b) => a - b)).toEqual(corners);
  });
});

it('the misfit is scaled by the best factor, or not at all', () => {
  const [foretold, drops] = [Float64Array.of(1, 2), Float64Array.of(2, 2)];
  // β = 6/5: (0.8² + 0.4²) / 2.
  expect(misfit(foretold, drops, true)).toBeCloseTo(0.4, 14);
  expect(misfit(foretold, drops, false)).toBeCloseTo(0.5, 14);
  expect(misfit(Float64Array.of(0, 0), drops, true)).toBe(4);
});

it('patches go by their mean, border patches included', () => {
  // Patches of 2x2 on 3x3: means 1, 5, 3 (of 7 and -1) and 4.
  const values = Float64Array.of(1, 1, 5, 1, 1, 5, 7, -1, 4);
  const { order, cuts } = patchPath({ values, height: 3, width: 3 }, 2, 2, createRng(0));
  expect([...order]).toEqual([2, 5, 8, 6, 7, 0, 1, 3, 4]);
  expect(cuts).toEqual([0, 2, 3]);
});

it('noise is standard normal and seeded', () => {
  const draw = (seed: number, ...lengths: number[]) => {
    const { fill } = normalNoise(createRng(seed));
    return lengths.flatMap((length) => {
      const values = new Float64Array(length);
      fill(values);
      return [...values];
    });
  };
  const values = draw(3, 200000);
  const moment = (k: number) => values.reduce((s, v) => s + v ** k, 0) / values.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.01);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  // Values come in pairs of v and -v. Each is drawn with a probability of 95 %.
  const drawn = new Set(values);
  expect([...drawn].filter((v) => drawn.has(-v)).length / drawn.size).toBeGreaterThan(0.9);
  expect(draw(3, 1, 2, 5)).toEqual(values.slice(0, 8));
  expect(draw(4, 1)[0]).not.toBe(values[0]);
});
