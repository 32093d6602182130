import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalDifference, friedman } from '../../src/statistics/friedman.ts';
import { holm } from '../../src/statistics/holm.ts';
import { wilcoxon } from '../../src/statistics/wilcoxon.ts';

const differences = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 });

// Every assignment of signs to Pratt's ranks, each at least as far from the middle as what was seen.
function enumerated(d: readonly number[]): number {
  const rank = (v: number) =>
    d.filter((u) => Math.abs(u) < Math.abs(v)).length + (d.filter((u) => Math.abs(u) === Math.abs(v)).length + 1) / 2;
  const kept = d.filter((v) => v !== 0);
  const distance = (signs: readonly boolean[]) =>
    Math.abs(kept.reduce((s, v, i) => s + (signs[i] ? 1 : -1) * rank(v), 0));
  const seen = distance(kept.map((v) => v > 0));
  let far = 0;
  for (let mask = 0; mask < 2 ** kept.length; mask++)
    if (distance(kept.map((_, i) => ((mask >> i) & 1) === 1)) >= seen) far++;
  return far / 2 ** kept.length;
}

describe('wilcoxon', () => {
  const test = (d: readonly number[]) => wilcoxon(Float64Array.from(d));

  it('counts all assignments of signs, with ties and zeros', () => {
    fc.assert(
      fc.property(differences, (d) => {
        expect(test(d).p).toBeCloseTo(enumerated(d), 12);
      }),
    );
  });

  it('turns over with the sign and does not see the scale', () => {
    fc.assert(
      fc.property(differences, (d) => {
        const { p, effect } = test(d);
        const turned = test(d.map((v) => -2 * v));
        expect(turned.p).toBe(p);
        expect(turned.effect + effect).toBeCloseTo(0, 12);
      }),
    );
  });

  it('knows the extremes', () => {
    expect(test([0, 0, 0])).toEqual({ p: 1, method: 'exact', effect: 0 });
    expect(test([1, 2, 3, 4, 5])).toEqual({ p: 2 / 32, method: 'exact', effect: 1 });
  });

  it('is nearly the same by both methods where they meet', () => {
    const d = Array.from({ length: 51 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (51 - i));
    const [exact, normal] = [test(d.slice(0, 50)), test(d)];
    expect([exact.method, normal.method]).toEqual(['exact', 'normal']);
    expect(Math.abs(exact.p / normal.p - 1)).toBeLessThan(0.2);
  });
});

describe('holm', () => {
  it('computes by hand', () => {
    // 4 · 0.005, 3 · 0.01, 2 · 0.03, and 0.04 raised to what is before it.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('friedman', () => {
  const blocks = (values: readonly (readonly number[])[]) => values.map((block) => Float64Array.from(block));

  it('gives rank 1 to the smallest and half ranks to ties', () => {
    expect(friedman(blocks([[3, 1, 1]])).meanRanks).toEqual([3, 1.5, 1.5]);
  });

  it('sees no difference where all is tied', () => {
    expect(
      friedman(
        blocks([
          [1, 1],
          [2, 2],
        ]),
      ),
    ).toEqual({ meanRanks: [1.5, 1.5], chiSquare: 0, p: 1 });
  });

  it("gives Demšar's critical differences", () => {
    // Table 5(a) of the paper, and its example of 4 classifiers on 14 data sets.
    const q = (k: number) => criticalDifference(k, 1) / Math.sqrt((k * (k + 1)) / 6);
    expect([2, 3, 5, 10].map((k) => Number(q(k).toFixed(3)))).toEqual([1.96, 2.344, 2.728, 3.164]);
    expect(criticalDifference(4, 14)).toBeCloseTo(1.25, 2);
  });
});
