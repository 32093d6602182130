import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../src/numeric/random.ts';
import { resampledMeans } from '../../src/statistics/bootstrap.ts';
import { bcaOfMean, wilsonInterval } from '../../src/statistics/interval.ts';

const draws = (n: number, draw: () => number) => Float64Array.from({ length: n }, draw);

describe('resampledMeans', () => {
  it('draws every value alike', () => {
    // The mean of one value of four is that value; 40,000 draws count each 10,000 times, with a standard deviation of 87.
    const counts = new Map<number, number>();
    for (let i = 0; i < 4; i++) {
      const single = Float64Array.of(i === 0 ? 1 : 0, i === 1 ? 1 : 0, i === 2 ? 1 : 0, i === 3 ? 1 : 0);
      const means = resampledMeans(single, 10_000, createRng(0, 'even'));
      counts.set(i, 4 * means.reduce((s, v) => s + v, 0));
    }
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(4 * 87);
  });

  it('has the spread of the mean', () => {
    const values = draws(30, createRng(1).normal);
    const centre = values.reduce((s, v) => s + v, 0) / 30;
    const variance = values.reduce((s, v) => s + (v - centre) ** 2, 0) / 30 ** 2;
    const means = resampledMeans(values, 20_000, createRng(2));
    const spread = means.reduce((s, v) => s + (v - centre) ** 2, 0) / means.length;
    expect(spread / variance).toBeGreaterThan(0.95);
    expect(spread / variance).toBeLessThan(1.05);
  });
});

describe('bcaOfMean', () => {
  it('needs two values, and says what else it lacks', () => {
    const of = (values: number[], discrete = false) =>
      bcaOfMean(Float64Array.from(values), () => createRng(6), discrete);
    expect(of([])).toMatchObject({ interval: 'none', note: 'no values' });
    expect(of([3])).toMatchObject({ interval: 'none', note: 'a single value' });
    expect(of([1, Infinity])).toMatchObject({ interval: 'none', note: 'infinite values' });
    // Of two different values a resample is one of them, or their mean.
    expect(of([1, 3])).toEqual({ interval: 'bca', low: 1, high: 3, note: '' });
    expect(of([2, 2])).toEqual({ interval: 'bca', low: 2, high: 2, note: 'all alike' });
    expect(of([2, 2], true)).toMatchObject({ interval: 'none', low: null, high: null, note: 'all alike' });
  });

  const values = draws(20, createRng(3).normal);
  const ends = (v: Float64Array) => {
    const { low, high } = bcaOfMean(v, () => createRng(4));
    return [low!, high!];
  };

  it('follows shifts and scales, and turns over with the sign', () => {
    const [low, high] = ends(values);
    const close = (got: number[], wanted: number[]) =>
      got.forEach((v, i) => expect(Math.abs(v - wanted[i])).toBeLessThan(1e-12));
    close(ends(values.map((v) => 3 * v + 2)), [3 * low + 2, 3 * high + 2]);
    close(ends(values.map((v) => -v)), [-high, -low]);
  });

  it.each([
    ['normal', (rng: Rng) => rng.normal(), 0],
    ['exponential', (rng: Rng) => -Math.log(1 - rng.uniform()), 1],
  ] as const)('covers the mean of 50 %s values in 93 to 97 of 100 cases', (name, draw, truth) => {
    const rng = createRng(5, name);
    // The true shares are about 94.1 and 93.7; the standard deviation of 3,000 runs is 0.4.
    const runs = 3000;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const { low, high } = bcaOfMean(
        draws(50, () => draw(rng)),
        () => rng,
      );
      if (low! <= truth && truth <= high!) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(0.97);
  });
});

it('wilsonInterval turns over with hits and misses', () => {
  for (const [hits, n] of [
    [0, 3],
    [2, 7],
    [9, 9],
  ]) {
    const [a, b] = [wilsonInterval(hits, n), wilsonInterval(n - hits, n)];
    expect(a.low).toBeCloseTo(1 - b.high!, 12);
    expect(a.high).toBeCloseTo(1 - b.low!, 12);
  }
});
