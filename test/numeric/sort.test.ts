import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/numeric/random.ts';
import { averageRanks, descendingOrder, topMembership } from '../../src/numeric/sort.ts';

const values = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 })
  .map((v) => Float64Array.from(v));

describe('descendingOrder', () => {
  it('is a permutation in descending order', () => {
    fc.assert(
      fc.property(values, fc.integer(), (v, seed) => {
        const order = [...descendingOrder(v, createRng(seed))];
        expect(order.toSorted((a, b) => a - b)).toEqual([...v.keys()]);
        for (let i = 1; i < order.length; i++) expect(v[order[i - 1]]).toBeGreaterThanOrEqual(v[order[i]]);
      }),
    );
  });

  it('orders any numbers as comparison does, 0 and -0 being tied', () => {
    const numbers = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.integer(), (v, seed) => {
        const order = [...descendingOrder(Float64Array.from(v), createRng(seed))];
        expect(order.map((i) => v[i] + 0)).toEqual(v.map((x) => x + 0).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
      }),
    );
    const first = Array.from({ length: 40 }, (_, seed) => descendingOrder(Float64Array.of(0, -0), createRng(seed))[0]);
    expect(new Set(first)).toEqual(new Set([0, 1]));
  });

  it('tells apart what float32 does not, and ranks the same values again', () => {
    const close = fc.array(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.nat(9)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(close, fc.integer(), (parts, seed) => {
        const v = Float64Array.from(parts, ([whole, bit]) => whole + bit * 2 ** -45);
        const order = descendingOrder(v, createRng(seed));
        expect(Array.from(order, (i) => v[i])).toEqual([...v].sort((a, b) => b - a));
        expect(descendingOrder(v, createRng(seed))).toEqual(order);
      }),
    );
  });

  it('breaks ties by the seed, each tied place being first equally often', () => {
    const first = Array.from(
      { length: 900 },
      (_, seed) => descendingOrder(Float64Array.of(0, 1, 1, 1), createRng(seed))[0],
    );
    for (const index of [1, 2, 3]) expect(first.filter((i) => i === index).length).toBeGreaterThan(250);
    const again = descendingOrder(new Float64Array(20), createRng(4));
    expect(descendingOrder(new Float64Array(20), createRng(4))).toEqual(again);
    expect(descendingOrder(new Float64Array(20), createRng(5))).not.toEqual(again);
  });
});

describe('averageRanks', () => {
  it('gives tied values the mean of their ranks', () => {
    expect([...averageRanks(Float64Array.of(10, -1, 10, 5, 10))]).toEqual([4, 1, 4, 2, 4]);
  });

  it('keeps the sum of ranks', () => {
    fc.assert(
      fc.property(values, (v) => {
        const total = averageRanks(v).reduce((s, r) => s + r, 0);
        expect(total).toBe((v.length * (v.length + 1)) / 2);
      }),
    );
  });
});

describe('topMembership', () => {
  it('shares the last places among the tied', () => {
    expect([...topMembership(Float64Array.of(3, 1, 2, 2, 0), 2)]).toEqual([1, 0, 0.5, 0.5, 0]);
  });

  it('adds up to k', () => {
    fc.assert(
      fc.property(values, fc.nat(), (v, n) => {
        const k = 1 + (n % v.length);
        expect(topMembership(v, k).reduce((s, m) => s + m, 0)).toBeCloseTo(k, 10);
      }),
    );
  });
});
