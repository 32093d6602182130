import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../reports/result-cell.ts';
import type { Row } from '../../reports/row.ts';
import { summarise } from '../../reports/summary.ts';
import { metrics, row, sampleRows } from './samples.ts';

const summaryOf = (rows: readonly Row[], seed = 0) => summarise(cellsOf(rows), metrics, seed);

describe('summarise', () => {
  it('keeps the order of first appearance and counts what is undefined', () => {
    const rows = [
      row({ explainer: 'b', value: 1 }),
      row({ explainer: 'a', value: 5 }),
      row({ explainer: 'b', value: null, reason: 'the mask is empty' }),
      row({ explainer: 'b', value: 3 }),
      row({ explainer: 'c', value: null, reason: 'the mask is empty' }),
    ];
    const got = summaryOf(rows).map((s) => [s.explainer, s.n, s.undefined, s.mean, s.standardError, s.median]);
    expect(got).toEqual([
      ['b', 2, 1, 2, 1, 2],
      ['a', 1, 0, 5, null, 5],
      ['c', 0, 1, null, null, null],
    ]);
  });

  it('tells apart groups whose names contain separators', () => {
    const rows = [row({ model: 'a', dataset: 'b,c' }), row({ model: 'a,b', dataset: 'c' })];
    expect(summaryOf(rows)).toHaveLength(2);
  });

  it('loses no row', () => {
    const rows = sampleRows();
    const total = summaryOf(rows).reduce((sum, s) => sum + s.n + s.undefined, 0);
    expect(total).toBe(rows.length);
  });

  it('gives eight hits of eight an interval', () => {
    const hits = Array.from({ length: 8 }, (_, i) => row({ sample: `s${i}`, value: 1 }));
    expect(summaryOf(hits)[0]).toMatchObject({ mean: 1, interval: 'wilson', high: 1 });
    expect(summaryOf(hits)[0].low).toBeCloseTo(0.675592, 6);
    const [other] = summaryOf(hits.map((r) => ({ ...r, metric: 'deletion-auc' })));
    expect(other).toMatchObject({ interval: 'bca', low: 1, high: 1, intervalNote: 'all alike' });
  });

  it('says why there is no interval', () => {
    const of = (...values: number[]) =>
      summaryOf(values.map((value, i) => row({ sample: `s${i}`, metric: 'deletion-auc', value })))[0];
    expect(of(1)).toMatchObject({ interval: 'none', low: null, high: null, intervalNote: 'a single value' });
    expect(of(1, Infinity)).toMatchObject({ interval: 'none', intervalNote: 'infinite values', mean: Infinity });
    expect(summaryOf([row({ value: null })])[0]).toMatchObject({ interval: 'none', intervalNote: 'no values' });
  });

  it('depends on neither the order of rows nor on other cells, and on the seed', () => {
    const rows = sampleRows();
    const byCell = (s: readonly object[]) => new Set(s.map((summary) => JSON.stringify(summary)));
    expect(byCell(summaryOf(rows.toReversed()))).toEqual(byCell(summaryOf(rows)));
    const alone = summaryOf(rows.filter(({ explainer }) => explainer === 'gradcam'));
    expect(summaryOf(rows).filter(({ explainer }) => explainer === 'gradcam')).toEqual(alone);
    expect(summaryOf(rows, 1)[0].low).not.toBe(summaryOf(rows, 0)[0].low);
  });

  it('counts reasons, discarded neighbours and kept predictions', () => {
    const attacked = (
      sample: string,
      metric: string,
      value: number | null,
      reason = '',
      discarded: number | null = null,
    ) => row({ attack: 'pgd-linf', sample, metric, value, reason, discarded });
    const summaries = summaryOf([
      attacked('a', 'deletion-auc', 1, '', 0.5),
      attacked('b', 'deletion-auc', 3, '', 0),
      attacked('c', 'deletion-auc', null, 'the map holds NaN at [0,1]'),
      attacked('d', 'deletion-auc', null, 'the map is zero'),
      attacked('e', 'deletion-auc', null, 'the map holds NaN at [3,4]'),
      ...['a', 'b', 'c', 'd', 'e'].map((sample) => attacked(sample, 'attack:prediction-kept', Number(sample !== 'b'))),
      row({ metric: 'deletion-auc', value: 1 }),
    ]);
    expect(summaries[0]).toMatchObject({
      mean: 2,
      discarded: 0.25,
      predictionKept: 4,
      meanKept: 1,
      reasons: '2 the map holds NaN; 1 the map is zero',
    });
    expect(summaries[2]).toMatchObject({ discarded: null, predictionKept: null, meanKept: null, reasons: '' });
  });
});
