import { describe, expect, it } from 'vitest';
import { mse } from '../../metrics/mse.ts';
import { pearsonMetric } from '../../metrics/pearson.ts';
import { spearmanMetric } from '../../metrics/spearman.ts';
import { ssimMetric } from '../../metrics/ssim.ts';
import { topkIntersection } from '../../metrics/topk-intersection.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { randomTensor, similarityOf, valueOf } from './toy.ts';

const map = (...values: number[]) => tensor([1, 1, values.length], values);
const constant = tensor([1, 12, 15], new Float32Array(180).fill(3));
const zero = tensor([1, 12, 15]);
const varied = randomTensor([3, 12, 15], 'varied', -1, 1);

describe('by hand', () => {
  it('mse compares shares', async () => {
    // (1,0,-3) and (2,2,0) become (1/4,0,3/4) and (1/2,1/2,0): 1/16 + 1/4 + 9/16 over 3.
    expect(valueOf(await similarityOf(mse, map(1, 0, -3), map(2, 2, 0)))).toBeCloseTo(14 / 16 / 3, 14);
  });

  it('pearson compares magnitudes', async () => {
    // Magnitudes (1,2,3) and (1,3,2).
    expect(valueOf(await similarityOf(pearsonMetric, map(-1, 2, 3), map(1, -3, 2)))).toBeCloseTo(0.5, 14);
  });

  it('spearman compares ranks and shares tied ones', async () => {
    // Ranks (1,2,3,4) and (1,3,3,3) less 2.5: 1.5·1.5 + ½·(-½+½+1.5) = 3 over √5·√3.
    const value = await similarityOf(spearmanMetric, map(1, 10, 100, 1000), map(0, 5, 5, 5));
    expect(valueOf(value)).toBeCloseTo(3 / Math.sqrt(15), 14);
  });

  it('top-k counts what both choose, tied places by their chance', async () => {
    // Of (5,4,1,0,0) the first two are chosen; of (0,3,3,3,9) the last, and the three tied by 1/3 each: 1/3 of 2.
    const [a, b] = [map(5, 4, 1, 0, 0), map(0, 3, 3, 3, 9)];
    expect(valueOf(await similarityOf(topkIntersection, a, b, { k: 2 }))).toBeCloseTo(1 / 6, 14);
    expect(valueOf(await similarityOf(topkIntersection, a, b, { fraction: 0.4 }))).toBeCloseTo(1 / 6, 14);
  });

  it('top-k takes 2 % of the pixels, and at least one', async () => {
    const one = map(9, ...Array<number>(9).fill(0));
    expect(await similarityOf(topkIntersection, one, one)).toEqual({ value: 1 });
    // Of 100 pixels two: the first of both maps, and the second places differ.
    const two = (second: number) => map(9, ...Array.from({ length: 99 }, (_, i) => (i === second ? 5 : 0)));
    expect(await similarityOf(topkIntersection, two(3), two(4))).toEqual({ value: 0.5 });
  });
});

describe('constant and zero maps', () => {
  it('have no correlation', async () => {
    for (const metric of [pearsonMetric, spearmanMetric])
      for (const flat of [constant, zero])
        for (const [a, b] of [
          [flat, varied],
          [varied, flat],
          [flat, flat],
        ])
          expect(await similarityOf(metric, a, b)).toHaveProperty('reason', expect.stringContaining('constant'));
  });

  it('share their top pixels by chance alone', async () => {
    // k = 2 % of 180, rounded: 4.
    expect(valueOf(await similarityOf(topkIntersection, constant, zero))).toBeCloseTo(4 / 180, 14);
    expect(valueOf(await similarityOf(topkIntersection, constant, varied))).toBeCloseTo(4 / 180, 14);
  });

  it('have no top pixels when k takes them all', async () => {
    const outcome = await similarityOf(topkIntersection, varied, varied, { k: 180 });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('the top 180 of 180 pixels'));
  });

  it('have no SSIM when both are zero', async () => {
    expect(await similarityOf(ssimMetric, zero, zero)).toHaveProperty('reason');
    expect(valueOf(await similarityOf(ssimMetric, zero, varied))).toBeLessThan(0.1);
  });
});

it('SSIM needs the room of its window', async () => {
  const small = randomTensor([1, 10, 30], 'small');
  const outcome = await similarityOf(ssimMetric, small, small);
  expect(outcome).toEqual({ reason: 'SSIM needs maps of at least 11x11 pixels, not 10x30' });
});
