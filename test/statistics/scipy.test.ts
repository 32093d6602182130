import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bcaInterval } from '../../src/statistics/bootstrap.ts';
import { chiSquareTail } from '../../src/statistics/chi-square.ts';
import { meanIfAny } from '../../src/statistics/describe.ts';
import { friedman } from '../../src/statistics/friedman.ts';
import { wilsonInterval } from '../../src/statistics/interval.ts';
import { normalCdf, normalQuantile } from '../../src/statistics/normal.ts';
import { rangeCdf, rangeQuantile } from '../../src/statistics/studentized-range.ts';
import { wilcoxon } from '../../src/statistics/wilcoxon.ts';

interface Reference {
  normal: { cdf: [number, number][]; quantile: [number, number][] };
  chiSquare: [number, number, number][];
  range: { cdf: [number, number, number][]; quantile: [number, number, number][] };
  wilcoxon: { name: string; d: number[]; exact?: number; permutations?: number; normal: number }[];
  bca: {
    name: string;
    x: number[];
    means: number[];
    bias: number;
    acceleration: number;
    low: number;
    high: number;
  }[];
  wilson: [number, number, number, number][];
  friedman: { name: string; blocks: number[][]; meanRanks: number[]; chiSquare: number; p: number }[];
}

// Made by statistics_reference.py beside it.
const reference = JSON.parse(
  readFileSync(new URL('../fixtures/statistics_reference.json', import.meta.url), 'utf8'),
) as Reference;

const near = (got: number, wanted: number, relative = 1e-10) =>
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(relative * Math.abs(wanted) + 1e-300);

describe('distributions, as in SciPy', () => {
  it('normal', () => {
    for (const [x, p] of reference.normal.cdf) near(normalCdf(x), p);
    for (const [p, x] of reference.normal.quantile) expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-11);
  });

  it('chi-square', () => {
    for (const [x, k, p] of reference.chiSquare) near(chiSquareTail(x, k), p);
  });

  it('studentized range', () => {
    for (const [q, k, p] of reference.range.cdf) expect(Math.abs(rangeCdf(q, k) - p), `${q} ${k}`).toBeLessThan(1e-10);
    for (const q of [-1, 0]) expect(rangeCdf(q, 3)).toBe(0);
    for (const [p, k, q] of reference.range.quantile) near(rangeQuantile(p, k), q, 1e-8);
  });
});

describe.each(reference.wilcoxon)('wilcoxon, as in SciPy: $name', ({ d, exact, permutations, normal }) => {
  const { p, method } = wilcoxon(Float64Array.from(d));
  const wanted = method === 'exact' ? (exact ?? permutations) : normal;
  it(`gives the ${method} p-value`, () => near(p, wanted!));
});

describe.each(reference.bca)('bca, as in SciPy: $name', ({ x, means, bias, acceleration, low, high }) => {
  it('gives bias, acceleration and ends of given resamples', () => {
    const centre = meanIfAny(x)!;
    const got = bcaInterval(
      Float64Array.from(x, (v) => v - centre),
      Float64Array.from(means, (v) => v - centre),
    );
    expect(Math.abs(got.bias - bias)).toBeLessThan(1e-10);
    near(got.acceleration, acceleration);
    near(centre + got.low, low);
    near(centre + got.high, high);
  });
});

it('wilson, as in SciPy', () => {
  for (const [hits, n, low, high] of reference.wilson) {
    const got = wilsonInterval(hits, n);
    expect(Math.abs(got.low! - low)).toBeLessThan(1e-12);
    near(got.high!, high);
  }
});

describe.each(reference.friedman)('friedman, as in SciPy: $name', ({ blocks, meanRanks, chiSquare, p }) => {
  it('gives mean ranks, statistic and p-value', () => {
    const got = friedman(blocks.map((block) => Float64Array.from(block)));
    got.meanRanks.forEach((rank, i) => near(rank, meanRanks[i]));
    near(got.chiSquare, chiSquare);
    near(got.p, p);
  });
});
