import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Undefined } from '../../src/numeric/errors.ts';
import { firstNonFinite } from '../../src/numeric/finite.ts';
import { softmaxAt } from '../../src/numeric/softmax.ts';
import { entropy, gini, norm, pearson, sum, trapezoid } from '../../src/numeric/statistics.ts';

const magnitudes = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 })
  .filter((v) => v.some((x) => x > 0))
  .map((v) => Float64Array.from(v));

describe('sum, norm, trapezoid', () => {
  it('compute by hand', () => {
    expect(sum([1, -2, 4])).toBe(3);
    expect(norm([3, -4])).toBe(5);
    // Uneven widths: 0.25·(1+0.5)/2 + 0.75·(0.5+0)/2.
    expect(trapezoid([0, 0.25, 1], [1, 0.5, 0])).toBe(0.375);
  });
});

describe('pearson', () => {
  it('computes by hand', () => {
    // Centred: (-1,0,1) and (-1,1,0); product 1, norms √2 and √2.
    expect(pearson(Float64Array.of(1, 2, 3), Float64Array.of(1, 3, 2))).toBeCloseTo(0.5, 14);
    expect(pearson(Float64Array.of(1, 2, 3), Float64Array.of(-10, -20, -30))).toBeCloseTo(-1, 14);
  });

  it('has no value for a constant, though its mean be rounded', () => {
    expect(() => pearson(new Float64Array(7).fill(0.1), Float64Array.of(1, 2, 3, 4, 5, 6, 7))).toThrow(Undefined);
  });
});

describe('gini', () => {
  it('computes by hand', () => {
    // Mean absolute difference over twice the mean: pairs of 0,0,2 differ by 2 in 4 of 9 ordered pairs; (8/9) / (2·2/3).
    expect(gini(Float64Array.of(0, 2, 0))).toBeCloseTo(2 / 3, 14);
    expect(gini(Float64Array.of(5, 5, 5))).toBe(0);
  });

  it('equals the mean absolute difference divided by twice the mean', () => {
    fc.assert(
      fc.property(magnitudes, (v) => {
        let differences = 0;
        for (const a of v) for (const b of v) differences += Math.abs(a - b);
        expect(gini(v)).toBeCloseTo(differences / (2 * v.length * sum(v)), 10);
      }),
    );
  });

  it('has no value for zeros', () => {
    expect(() => gini(new Float64Array(3))).toThrow(Undefined);
  });
});

describe('entropy', () => {
  it('computes by hand', () => {
    expect(entropy(Float64Array.of(1, 1, 2))).toBeCloseTo(1.5 * Math.LN2, 14);
    expect(entropy(Float64Array.of(0, 7, 0))).toBe(0);
    expect(() => entropy(new Float64Array(3))).toThrow(Undefined);
  });
});

describe('softmaxAt', () => {
  it('computes by hand and survives large logits', () => {
    expect(softmaxAt(Float32Array.of(0, 0, 0, 0), 2)).toBe(0.25);
    expect(softmaxAt(Float32Array.of(1000, 999), 1)).toBeCloseTo(1 / (1 + Math.E), 14);
    expect(softmaxAt(Float32Array.of(1, NaN), 0)).toBeNaN();
    expect(() => softmaxAt(Float32Array.of(1, 2), 2)).toThrow(RangeError);
  });
});

describe('firstNonFinite', () => {
  it('names value and place', () => {
    const values = new Float32Array(24);
    expect(firstNonFinite(values, [2, 3, 4])).toBeUndefined();
    values[19] = NaN;
    expect(firstNonFinite(values, [2, 3, 4])).toBe('NaN at [1,1,3]');
    values[2] = -Infinity;
    expect(firstNonFinite(values, [2, 3, 4])).toBe('-Infinity at [0,0,2]');
  });
});
