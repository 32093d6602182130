import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, median, standardError, summarise } from '../../reports/summary.ts';
import { row, sampleRows } from './samples.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });

describe('statistics', () => {
  it('gives the hand-computed values', () => {
    expect(mean([1, 2, 3, 6])).toBe(3);
    expect(median([6, 1, 3, 2])).toBe(2.5);
    expect(median([10, 9, 1])).toBe(9);
    expect(standardError([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(14 / 3 / 4), 14);
  });

  it('is null for too few values', () => {
    expect([mean([]), median([]), standardError([]), standardError([1])]).toEqual([null, null, null, null]);
    expect([mean([7]), median([7])]).toEqual([7, 7]);
  });

  it('gives an infinite mean no standard error', () => {
    expect(mean([1, Infinity])).toBe(Infinity);
    expect(standardError([1, Infinity])).toBeNull();
  });

  it('keeps its digits under a large offset', () => {
    const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16];
    expect(mean(values)).toBe(1e9 + 10);
    expect(standardError(values)).toBeCloseTo(Math.sqrt(30 / 4), 12);
  });

  it('lies between the extremes, whatever the order of the values', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const slack = 1e-9 * Math.max(...values.map(Math.abs));
        for (const centre of [mean(values)!, median(values)!]) {
          expect(centre).toBeGreaterThanOrEqual(sorted[0] - slack);
          expect(centre).toBeLessThanOrEqual(sorted.at(-1)! + slack);
        }
        expect(median(sorted)).toBe(median(values));
        expect(Math.abs(mean(sorted)! - mean(values)!)).toBeLessThanOrEqual(slack);
      }),
    );
  });

  it('follows shifts and scales', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -100, max: 100 }), (values, k) => {
        const slack = 1e-9 * (1 + Math.max(...values.map(Math.abs))) * (1 + Math.abs(k));
        const changed = values.map((v) => k * v + k);
        expect(Math.abs(mean(changed)! - (k * mean(values)! + k))).toBeLessThanOrEqual(slack);
        expect(Math.abs(standardError(changed)! - Math.abs(k) * standardError(values)!)).toBeLessThanOrEqual(slack);
      }),
    );
  });
});

describe('summarise', () => {
  it('keeps the order of first appearance and counts what is undefined', () => {
    const rows = [
      row({ explainer: 'b', value: 1 }),
      row({ explainer: 'a', value: 5 }),
      row({ explainer: 'b', value: null, reason: 'the mask is empty' }),
      row({ explainer: 'b', value: 3 }),
      row({ explainer: 'c', value: null, reason: 'the mask is empty' }),
    ];
    const got = summarise(rows).map((s) => [s.explainer, s.n, s.undefined, s.mean, s.standardError, s.median]);
    expect(got).toEqual([
      ['b', 2, 1, 2, 1, 2],
      ['a', 1, 0, 5, null, 5],
      ['c', 0, 1, null, null, null],
    ]);
  });

  it('tells apart groups whose names contain separators', () => {
    const rows = [row({ model: 'a', dataset: 'b,c' }), row({ model: 'a,b', dataset: 'c' })];
    expect(summarise(rows)).toHaveLength(2);
  });

  it('loses no row', () => {
    const rows = sampleRows();
    const total = summarise(rows).reduce((sum, s) => sum + s.n + s.undefined, 0);
    expect(total).toBe(rows.length);
  });
});
