/** Maps that every metric is tried on. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Metric } from '../../metrics/metric.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { randomTensor } from './toy.ts';

// Not square; at least 11 pixels a side for SSIM.
export const [height, width] = [12, 15];
export const pixels = height * width;
export const mask = Uint8Array.from({ length: pixels }, (_, p) => (p % width < 5 ? 1 : 0));
export const attribution = randomTensor([3, height, width], 'attribution', -1, 1);
export const other = randomTensor([3, height, width], 'other', -1, 1);
export const filled = (value: number) => tensor([1, height, width], new Float32Array(pixels).fill(value));
export const scaled = (t: Tensor, k: number) => ({
  ...t,
  data: t.data.map((v) => k * v),
});

export const anyMap = fc
  .tuple(
    fc.constantFrom(1, 3),
    fc.integer({ min: 11, max: 14 }),
    fc.integer({ min: 11, max: 14 }),
    fc.string(),
    fc.nat(40),
  )
  .map(([c, h, w, key, levels]) => {
    const map = randomTensor([c, h, w], key, -1, 1);
    // Few levels make many ties.
    return levels < 3 ? map : { ...map, data: map.data.map((v) => Math.round(v * levels) / 4) };
  });

export const expectInRange = (metric: Metric, value: number) => {
  expect(value).toBeGreaterThanOrEqual(metric.range[0] - 1e-12);
  expect(value).toBeLessThanOrEqual(metric.range[1] + 1e-12);
};
