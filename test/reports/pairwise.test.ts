import { describe, expect, it } from 'vitest';
import { comparePairs, pairwiseCsv, type Pair } from '../../reports/pairwise.ts';
import { rankExplainers, ranksCsv } from '../../reports/ranks.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import type { Row } from '../../reports/row.ts';
import { createRng } from '../../src/numeric/random.ts';
import { metrics, row, sampleRows } from './samples.ts';

const pairsOf = (rows: readonly Row[], seed = 0) => comparePairs(cellsOf(rows), metrics, seed);
const ranksOf = (rows: readonly Row[]) => rankExplainers(cellsOf(rows), metrics);
const asSet = (items: readonly object[]) => new Set(items.map((item) => JSON.stringify(item)));

/** One explainer a list of values. */
const table = (values: Record<string, readonly (number | null)[]>, part: Partial<Row> = {}) =>
  Object.entries(values).flatMap(([explainer, list]) =>
    list.map((value, s) => row({ metric: 'deletion-auc', ...part, explainer, sample: `s${s}`, value })),
  );

describe('comparePairs', () => {
  it('takes the samples that both have', () => {
    const [pair] = pairsOf(table({ a: [3, null, 5, 1], b: [1, 2, null, 0] }));
    expect(pair).toMatchObject({
      explainer: 'a',
      other: 'b',
      n: 2,
      unpaired: 2,
      meanDifference: 1.5,
      p: 0.5,
      effect: 1,
    });
  });

  it('says what is better in the direction of the metric', () => {
    const rng = createRng(0);
    const low = Array.from({ length: 20 }, () => rng.uniform());
    const high = low.map((v) => v + 0.1 + 0.1 * rng.uniform());
    const noise = low.map((v) => v + 0.01 * rng.normal());
    const verdicts = (part: Partial<Row>) => pairsOf(table({ low, high, noise }, part)).map(({ verdict }) => verdict);
    expect(verdicts({})).toEqual(['better', 'not shown', 'worse']);
    expect(verdicts({ metric: 'pointing-game' })).toEqual(['worse', 'not shown', 'better']);
    expect(verdicts({ metric: 'ssim:before-after' })).toEqual(['worse', 'not shown', 'better']);
    expect(verdicts({ metric: 'ssim:after-target' })).toEqual(['better', 'not shown', 'worse']);
  });

  it('claims nothing where mean and ranks disagree', () => {
    const a = Array.from({ length: 12 }, (_, i) => (i === 0 ? 100 : -1 - i / 10));
    const [pair] = pairsOf(table({ a, b: a.map(() => 0) }));
    expect(pair.holmP).toBeLessThan(0.05);
    expect([Math.sign(pair.meanDifference!), Math.sign(pair.effect!), pair.verdict]).toEqual([1, -1, 'not shown']);
  });

  it('compares neither metrics without a direction nor what attacks report', () => {
    const rows = ['unheard-of', 'attack:linf', 'attack:prediction-kept'].flatMap((metric) =>
      table({ a: [1, 2], b: [2, 3] }, { metric }),
    );
    expect(pairsOf(rows)).toEqual([]);
    expect(ranksOf(rows)).toEqual([]);
  });

  it('gives infinite differences and pairs without samples no test', () => {
    const [pair] = pairsOf(table({ a: [1, Infinity], b: [0, 0] }));
    expect(pair).toMatchObject({
      p: null,
      meanDifference: null,
      intervalNote: 'infinite values',
      verdict: 'not shown',
    });
    const [none, ...others] = pairsOf(table({ a: [1, null], b: [null, 1], c: [0, 0] }));
    expect(none).toMatchObject({ n: 0, unpaired: 2, p: null, holmP: null, effect: null });
    expect(others.map(({ p, holmP }) => [p, holmP])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('gives equal hits no interval of the difference', () => {
    const [pair] = pairsOf(table({ a: [1, 0, 1], b: [1, 0, 1] }, { metric: 'pointing-game' }));
    expect(pair).toMatchObject({ interval: 'none', intervalNote: 'all alike', p: 1, verdict: 'not shown' });
  });
});

describe('comparisons', () => {
  const rows = sampleRows();

  it('do not depend on the order of samples', () => {
    const order = new Map(rows.map((r, i) => [r, i % 12]));
    const shuffled = rows.toSorted((a, b) => order.get(b)! - order.get(a)!);
    expect(asSet(pairsOf(shuffled))).toEqual(asSet(pairsOf(rows)));
    expect(asSet(ranksOf(shuffled))).toEqual(asSet(ranksOf(rows)));
  });

  it('turn over when the explainers change places', () => {
    const turned = new Map(
      pairsOf(rows.toReversed()).map((p) => [JSON.stringify([p.other, p.explainer, p.attack, p.metric]), p]),
    );
    const opposite = { better: 'worse', worse: 'better', 'not shown': 'not shown' };
    for (const pair of pairsOf(rows)) {
      const other = turned.get(JSON.stringify([pair.explainer, pair.other, pair.attack, pair.metric]))!;
      expect([other.p, other.holmP, other.verdict]).toEqual([pair.p, pair.holmP, opposite[pair.verdict]]);
      const sums = [other.meanDifference! + pair.meanDifference!, other.low! + pair.high!, other.high! + pair.low!];
      for (const sum of [...sums, other.effect! + pair.effect!]) expect(Math.abs(sum)).toBeLessThan(1e-12);
    }
  });

  it('follow the scale of the values, their tests not at all', () => {
    const scaled = pairsOf(rows.map((r) => ({ ...r, value: r.value === null ? null : 4 * r.value })));
    pairsOf(rows).forEach((pair, i) => {
      const wanted: Partial<Pair> = {
        meanDifference: 4 * pair.meanDifference!,
        low: 4 * pair.low!,
        high: 4 * pair.high!,
      };
      expect(scaled[i]).toEqual({ ...pair, ...wanted });
    });
  });

  it('change with a missing sample only where it is missing', () => {
    const missing = rows.map((r) =>
      r.explainer === 'gradcam' && r.sample === 's0' && r.metric === 'ssim:before-after' ? { ...r, value: null } : r,
    );
    const changed = pairsOf(missing);
    pairsOf(rows).forEach((pair, i) => {
      const touched = pair.metric === 'ssim:before-after' && [pair.explainer, pair.other].includes('gradcam');
      // The correction spans the family.
      const own = (p: Pair) => ({ ...p, holmP: null, verdict: null });
      if (touched) expect(changed[i].n).toBe(pair.n - 1);
      else expect(own(changed[i])).toEqual(own(pair));
    });
  });
});

describe('rankExplainers', () => {
  it('ranks over samples and over metrics, the best first', () => {
    const rows = [
      ...table({ a: [1, 2, 9], b: [2, 3, null], c: [3, 1, 0] }),
      ...table({ a: [1, 1, 1], b: [0, 1, 0], c: [0, 0, 0] }, { metric: 'pointing-game' }),
    ];
    const ranks = ranksOf(rows);
    const of = (metric: string) => ranks.filter((r) => r.metric === metric).map((r) => r.meanRank);
    expect(of('deletion-auc')).toEqual([1.5, 2.5, 2]);
    expect(of('pointing-game')).toEqual([7 / 6, 13 / 6, 8 / 3]);
    // Means over the two samples that all have: 1.5, 2.5, 2; hit rates 1, 1/3, 0.
    expect(of('(all metrics)')).toEqual([1, 2.5, 2.5]);
    expect(ranks.map(({ n, leftOut }) => [n, leftOut])).toEqual([
      ...Array.from({ length: 3 }, () => [2, 1]),
      ...Array.from({ length: 3 }, () => [3, 0]),
      ...Array.from({ length: 3 }, () => [2, 0]),
    ]);
  });

  it('leaves out a metric that some explainer has no value of', () => {
    const rows = [...table({ a: [1], b: [2] }), ...table({ a: [1], b: [null] }, { metric: 'pointing-game' })];
    expect(ranksOf(rows).slice(2)).toMatchObject([
      { n: 0, leftOut: 1, meanRank: null, p: null },
      { n: 0, leftOut: 1, meanRank: null },
      { metric: '(all metrics)', n: 1, leftOut: 1, meanRank: 1 },
      { meanRank: 2 },
    ]);
  });
});

it('pairwise.csv and ranks.csv have a header and a line each', () => {
  const rows = table({ a: [1, 2], b: [2, 2] });
  expect(pairwiseCsv(pairsOf(rows)).trim().split('\n')).toHaveLength(2);
  expect(ranksCsv(ranksOf(rows)).split('\n')[0]).toBe(
    'model,dataset,attack,metric,over,explainer,n,left_out,mean_rank,critical_difference,chi_square,p',
  );
});
