import { describe, expect, it } from 'vitest';
import { compareTwo } from '../../reports/comparison.ts';
import { comparePairs } from '../../reports/pairwise.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import type { Row } from '../../reports/row.ts';
import { metrics, row } from './samples.ts';

const rowsOf = (values: Record<string, readonly (number | null)[]>, part: Partial<Row> = {}) =>
  Object.entries(values).flatMap(([explainer, list]) =>
    list.map((value, s) => row({ metric: 'deletion-auc', ...part, explainer, sample: `s${s}`, value })),
  );
const compare = (rows: readonly Row[], a = 'a', b = 'b') => compareTwo(comparePairs(cellsOf(rows), metrics, 0), a, b);

const count = (n: number, shift = 0) => Array.from({ length: n }, (_, i) => shift + i / 10);

describe('compareTwo', () => {
  it('corrects over all that it shows', () => {
    // Seven samples all of one sign: p = 2/2^7, which holds alone and not among four.
    const one = rowsOf({ a: count(7), b: count(7, 1) });
    expect(compare(one).lines).toMatchObject([{ p: 2 ** -6, holmP: 2 ** -6, verdict: 'better' }]);
    expect(compare(one).claim).toBe(
      'Of the one comparison, a is shown to be better than b by 1 (deletion-auc). It holds for this data, these models and these options.',
    );
    const four = ['none', 'pgd', 'fgsm', 'noise'].flatMap((attack) =>
      rowsOf({ a: count(7), b: count(7, 1) }, { attack }),
    );
    expect(compare(four).lines.map(({ holmP, verdict }) => [holmP, verdict])).toEqual(
      Array.from({ length: 4 }, () => [4 * 2 ** -6, 'not shown']),
    );
    expect(compare(four).claim).toMatch(
      /^Nothing is shown: .* does not mean that they are equal\. With 7 samples nothing could be shown: it takes 8 or more\./,
    );
  });

  it('names the fewest samples by which something can be shown', () => {
    for (const [tables, needed] of [
      [1, 6],
      [2, 7],
      [4, 8],
      [21, 10],
    ]) {
      const rows = (n: number) =>
        Array.from({ length: tables }, (_, t) => rowsOf({ a: count(n), b: count(n, 1) }, { dataset: `d${t}` })).flat();
      expect(compare(rows(needed - 1)).claim).toContain(`it takes ${needed} or more`);
      expect(compare(rows(needed)).lines.every(({ verdict }) => verdict === 'better')).toBe(true);
      expect(compare(rows(needed)).claim).not.toContain('it takes');
    }
  });

  it('says both sides, and turns over with the two', () => {
    const rows = [
      ...rowsOf({ a: count(12), b: count(12, 1), c: count(12) }),
      ...rowsOf({ a: count(12), b: count(12, 1) }, { metric: 'pointing-game', attack: 'pgd' }),
      ...rowsOf({ a: [1, 2, null], b: [2, 1, 1] }, { metric: 'ssim:before-after', attack: 'pgd' }),
    ];
    const { claim, lines } = compare(rows);
    expect(claim).toBe(
      'Of 3 comparisons, corrected for all of them by Holm, a is shown to be better than b by 1 (deletion-auc clean) and worse than b by 1 (pointing-game under pgd). For the other 1 no difference is shown, which does not mean that they are equal. It holds for this data, these models and these options.',
    );
    const other = compare(rows, 'b', 'a').lines;
    expect(other.map(({ verdict }) => verdict)).toEqual(['worse', 'better', 'not shown']);
    other.forEach((line, i) => {
      expect(line.meanDifference).toBe(-lines[i].meanDifference!);
      expect([line.low, line.high, line.holmP]).toEqual([-lines[i].high!, -lines[i].low!, lines[i].holmP]);
    });
  });

  it('claims nothing without values', () => {
    expect(compare(rowsOf({ a: [null], b: [1] })).claim).toBe(
      'Nothing can be claimed: a and b have no values to compare.',
    );
  });
});
