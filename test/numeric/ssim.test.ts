import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Undefined } from '../../src/numeric/errors.ts';
import type { Heatmap } from '../../src/numeric/heatmap.ts';
import { ssim } from '../../src/numeric/ssim.ts';

interface Reference {
  cases: { name: string; height: number; width: number; a: number[]; b: number[]; ssim: number }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/ssim_reference.json', import.meta.url), 'utf8'),
) as Reference;

const map = (height: number, width: number, values: number[]): Heatmap => ({
  height,
  width,
  values: Float64Array.from(values),
});

describe('ssim', () => {
  it.each(cases)('equals scikit-image: $name', ({ height, width, a, b, ssim: expected }) => {
    expect(ssim(map(height, width, a), map(height, width, b))).toBeCloseTo(expected, 10);
  });

  it.each(cases)('is symmetric and 1 for a map and itself: $name', ({ height, width, a, b }) => {
    const [x, y] = [map(height, width, a), map(height, width, b)];
    expect(ssim(x, y)).toBeCloseTo(ssim(y, x), 12);
    expect(ssim(x, x)).toBeCloseTo(1, 12);
  });

  it('does not change when both maps are scaled', () => {
    const { height, width, a, b } = cases[0];
    const scaled = (values: number[]) =>
      map(
        height,
        width,
        values.map((v) => v * 1e-6),
      );
    expect(ssim(scaled(a), scaled(b))).toBeCloseTo(cases[0].ssim, 10);
  });

  it('has no value for maps smaller than the window and for two zero maps', () => {
    const zero = (h: number, w: number) => map(h, w, Array<number>(h * w).fill(0));
    expect(() => ssim(zero(10, 20), zero(10, 20))).toThrow(Undefined);
    expect(() => ssim(zero(11, 11), zero(11, 11))).toThrow('both maps are zero');
  });
});
