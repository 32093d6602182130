import { describe, expect, it } from 'vitest';
import { filterMap, gaussianBlur, gaussianKernel } from '../../src/numeric/blur.ts';
import { tensor } from '../../src/numeric/tensor.ts';

describe('gaussianKernel', () => {
  it('is symmetric, adds up to 1 and follows the Gaussian', () => {
    const kernel = gaussianKernel(5, 1.5);
    expect(kernel.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 14);
    expect(kernel[0]).toBe(kernel[4]);
    expect(kernel[0] / kernel[2]).toBeCloseTo(Math.exp(-4 / 4.5), 14);
  });
});

describe('filterMap', () => {
  it('reflects the border without repeating the edge pixel', () => {
    // One row 1 2 3 filtered with [1,1,1]: mirrored it reads 2 | 1 2 3 | 2. The single column reflects onto itself, times 3.
    const sums = filterMap([1, 2, 3], 1, 3, Float64Array.of(1, 1, 1));
    expect([...sums]).toEqual([5, 6, 7].map((v) => v * 3));
  });

  it('folds again where the kernel is wider than the map', () => {
    // One row 1 2 with radius 3: 2 1 2 | 1 2 | 1 2 1. Windows of 7 around each: 2+1+2+1+2+1+2 = 11, 1+2+1+2+1+2+1 = 10.
    const sums = filterMap([1, 2], 1, 2, new Float64Array(7).fill(1));
    expect([...sums]).toEqual([77, 70]);
  });
});

describe('gaussianBlur', () => {
  it('equals the direct two-dimensional convolution, channel by channel', () => {
    const [height, width] = [7, 9];
    const image = tensor(
      [3, height, width],
      Float32Array.from({ length: 3 * height * width }, (_, i) => (i * 37) % 101),
    );
    const mirror = (i: number, n: number): number => (i < 0 ? mirror(-i, n) : i >= n ? mirror(2 * (n - 1) - i, n) : i);
    const blurred = gaussianBlur(image, 11, 5);
    for (const [c, y, x] of [
      [0, 0, 0],
      [1, 3, 4],
      [2, 6, 8],
    ]) {
      let total = 0;
      let weights = 0;
      for (let dy = -5; dy <= 5; dy++)
        for (let dx = -5; dx <= 5; dx++) {
          const weight = Math.exp(-(dx * dx + dy * dy) / 50);
          weights += weight;
          total += weight * image.data[(c * height + mirror(y + dy, height)) * width + mirror(x + dx, width)];
        }
      expect(blurred.data[(c * height + y) * width + x]).toBeCloseTo(total / weights, 3);
    }
  });
});
