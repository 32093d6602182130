import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanIfAny, median, standardError } from '../../src/statistics/describe.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });

describe('statistics', () => {
  it('gives the hand-computed values', () => {
    expect(meanIfAny([1, 2, 3, 6])).toBe(3);
    expect(median([6, 1, 3, 2])).toBe(2.5);
    expect(median([10, 9, 1])).toBe(9);
    expect(standardError([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(14 / 3 / 4), 14);
  });

  it('is null for too few values', () => {
    expect([meanIfAny([]), median([]), standardError([]), standardError([1])]).toEqual([null, null, null, null]);
    expect([meanIfAny([7]), median([7])]).toEqual([7, 7]);
  });

  it('keeps one infinity and has no value between two', () => {
    expect([meanIfAny([1, Infinity]), standardError([1, Infinity]), median([1, 2, Infinity])]).toEqual([
      Infinity,
      null,
      2,
    ]);
    expect([meanIfAny([-Infinity, Infinity]), median([-Infinity, Infinity])]).toEqual([null, null]);
    expect(median([Infinity, Infinity])).toBe(Infinity);
  });

  it('keeps its digits under a large offset', () => {
    const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16];
    expect(meanIfAny(values)).toBe(1e9 + 10);
    expect(standardError(values)).toBeCloseTo(Math.sqrt(30 / 4), 12);
  });

  it('lies between the extremes, whatever the order of the values', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const slack = 1e-9 * Math.max(...values.map(Math.abs));
        for (const centre of [meanIfAny(values)!, median(values)!]) {
          expect(centre).toBeGreaterThanOrEqual(sorted[0] - slack);
          expect(centre).toBeLessThanOrEqual(sorted.at(-1)! + slack);
        }
        expect(median(sorted)).toBe(median(values));
        expect(Math.abs(meanIfAny(sorted)! - meanIfAny(values)!)).toBeLessThanOrEqual(slack);
      }),
    );
  });

  it('follows shifts and scales', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -100, max: 100 }), (values, k) => {
        const slack = 1e-9 * (1 + Math.max(...values.map(Math.abs))) * (1 + Math.abs(k));
        const changed = values.map((v) => k * v + k);
        expect(Math.abs(meanIfAny(changed)! - (k * meanIfAny(values)! + k))).toBeLessThanOrEqual(slack);
        expect(Math.abs(standardError(changed)! - Math.abs(k) * standardError(values)!)).toBeLessThanOrEqual(slack);
      }),
    );
  });
});
