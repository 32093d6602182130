import { describe, expect, it } from 'vitest';
import { meanCurves } from '../../reports/mean-curves.ts';
import { createRng } from '../../src/numeric/random.ts';
import { sampleCurves } from './samples.ts';

const [set] = sampleCurves();
const rng = createRng(3);
const draws = Array.from({ length: 200 }, () => rng.normal());

describe('a mean curve', () => {
  it('has near mean ± 1.96 standard errors as its interval for many ordinary values', () => {
    const n = draws.length;
    const centre = draws.reduce((s, v) => s + v, 0) / n;
    const error = Math.sqrt(draws.reduce((s, v) => s + (v - centre) ** 2, 0) / (n - 1) / n);
    const [{ mean, low, high }] = meanCurves([{ ...set, x: [0], ys: draws.map((v) => [v]) }]);
    expect(mean[0]).toBeCloseTo(centre, 12);
    expect(Math.abs(low[0] - (centre - 1.96 * error))).toBeLessThan(0.2 * error);
    expect(Math.abs(high[0] - (centre + 1.96 * error))).toBeLessThan(0.2 * error);
  });

  it('uses the same resamples at all places, stays within the values, and has no width where they are alike', () => {
    const ys = draws.slice(0, 10).map((v) => [1, Math.abs(v), 3 * Math.abs(v)]);
    const [{ n, low, high }] = meanCurves([{ ...set, x: [0, 0.5, 1], ys }]);
    expect(n).toBe(10);
    expect([low[0], high[0]]).toEqual([1, 1]);
    expect(low[2]).toBeCloseTo(3 * low[1], 10);
    expect(high[2]).toBeCloseTo(3 * high[1], 10);
    expect(low[1]).toBeGreaterThanOrEqual(Math.min(...ys.map((y) => y[1])));
    expect(high[1]).toBeLessThanOrEqual(Math.max(...ys.map((y) => y[1])));
  });

  it('depends on the seed and not on other curves, has no band for one sample, and is none for none', () => {
    const [alone] = meanCurves([set], 1);
    expect(meanCurves(sampleCurves(), 1)[0]).toEqual(alone);
    expect(meanCurves([set], 2)[0].low).not.toEqual(alone.low);
    expect(meanCurves([{ ...set, ys: [set.ys[0]] }])[0]).toMatchObject({ n: 1, mean: set.ys[0], low: [], high: [] });
    expect(meanCurves([{ ...set, ys: [] }])).toEqual([]);
  });
});
