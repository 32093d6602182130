import { expect, test } from 'vitest';
import { checkChart, checkMetrics, type Used } from '../../reports/metric-check/index.ts';
import { rankCorrelation } from '../../reports/metric-check/check.ts';
import { expectGoldenDrawing } from './golden.ts';
import { row } from './samples.ts';

const explainers: Used[] = [
  { name: 'good', use: 'lrp', options: {} },
  { name: 'half', use: 'degraded', options: { of: 'good', share: 0.5 } },
  { name: 'bad', use: 'degraded', options: { of: 'good', share: 1 } },
  { name: 'slight', use: 'degraded', options: { of: 'good', share: 0.1 } },
  { name: 'random', use: 'random', options: {} },
  { name: 'edges', use: 'sobel', options: {} },
];
const metrics = [
  { name: 'hit', title: 'Hit', better: 'higher', range: [0, 1] },
  { name: 'loss', title: 'Loss', better: 'lower', range: [0, 1] },
] as const;

/** Scores of the explainers above, sample by sample; null has no value. */
const rowsOf = (metric: string, samples: readonly (readonly (number | null)[])[]) =>
  samples.flatMap((scores, s) =>
    scores.map((value, e) => row({ metric, sample: `${s}`, explainer: explainers[e].name, value })),
  );
const check = (metric: string, scores: readonly (readonly (number | null)[])[], again?: typeof scores) => {
  const checks = checkMetrics(
    { rows: rowsOf(metric, scores), explainers, seed: 0 },
    metrics,
    again && rowsOf(metric, again),
  );
  return (measure: string, of = 'all') => checks.find((c) => c.measure === measure && c.of === of);
};

test('a metric that sees every step and every control scores 1, whichever end is better', () => {
  const up = check('hit', [
    [1, 0.5, 0.1, 0.9, 0, 0.2],
    [0.8, 0.7, 0.1, 0.75, 0.3, 0.6],
  ]);
  const down = check('loss', [[0, 0.5, 0.9, 0.1, 1, 0.8]]);
  for (const of of [up, down])
    for (const measure of ['discrimination', 'monotonicity']) expect(of(measure)?.mean).toBeCloseTo(1, 12);
  expect(up('discrimination')).toMatchObject({ metric: 'hit', n: 2, undefined: 0, low: 1, high: 1 });
  expect(up('reliability')).toBeUndefined();
});

test('ties count half, among them sums that differ by their order only', () => {
  const of = check('hit', [
    [0.3, 0.3, 0.3, 0.1 + 0.2, 0.1 + 0.2, 0.5],
    [0.3, 0.2, 0.2, 0.4, 0.1, null],
  ]);
  expect(of('discrimination', 'good over random')?.mean).toBe(0.75);
  expect(of('discrimination', 'good over edges')).toMatchObject({ mean: 0, n: 1, undefined: 1, low: null });
  expect(of('discrimination')?.mean).toBe((0.25 + 1) / 2);
  // Of the second sample the shares 0, 0.1, 0.5, 1 have ranks 3, 4, 1.5, 1.5 of goodness: ρ = 3.5 / √(5 · 4.5). The first says nothing.
  expect(of('monotonicity', 'good')?.mean).toBeCloseTo(3.5 / Math.sqrt(22.5) / 2, 12);
});

test('reliability is the agreement of two runs on the same sample', () => {
  const scores = [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3, 4, 5, null],
  ];
  expect(check('hit', scores, scores)('reliability')?.mean).toBeCloseTo(1, 12);
  const turned = check('hit', scores, [scores[0].toReversed()])('reliability');
  expect(turned).toMatchObject({ n: 1, undefined: 1 });
  expect(turned?.mean).toBeCloseTo(-1, 12);
});

test('a step without a value leaves the sample out of monotonicity', () => {
  expect(check('hit', [[1, null, 0, 0, 0, 0]])('monotonicity')).toMatchObject({ n: 0, undefined: 1, mean: null });
});

test('rank correlation says nothing of what is all alike', () => {
  expect(rankCorrelation([1, 1], [1, 2])).toBe(0);
  expect(rankCorrelation([1], [1])).toBeUndefined();
  expect(rankCorrelation([3, 1, 2], [9, -1, 0])).toBeCloseTo(1, 12);
});

test('the chart shows a row a metric', async () => {
  const samples = Array.from({ length: 9 }, (_, s) => [1, 0.5 + (s % 3) * 0.3, 0.2, 0.8, (s % 4) / 3, 0.4]);
  const rows = [...rowsOf('hit', samples), ...rowsOf('loss', samples)];
  const checks = checkMetrics({ rows, explainers, seed: 0 }, metrics, rows);
  await expectGoldenDrawing('metric-check', checkChart(checks, 'toy on scenes'));
});
