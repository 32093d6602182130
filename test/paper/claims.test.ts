import { describe, expect, test } from 'vitest';
import { comparePairs } from '../../reports/pairwise.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import { summarise } from '../../reports/summary.ts';
import { findingOf } from '../../src/paper/claims/index.ts';
import { metrics, row } from '../reports/samples.ts';

/** A run of one metric: values of each sample, by net and explainer. */
function runOf(nets: Record<string, Record<string, readonly number[]>>, metric = 'deletion-auc') {
  const rows = Object.entries(nets).flatMap(([model, explainers]) =>
    Object.entries(explainers).flatMap(([explainer, values]) =>
      values.map((value, s) => row({ model, explainer, metric, sample: `s${s}`, value })),
    ),
  );
  const cells = cellsOf(rows);
  return { cells: summarise(cells, metrics, 0), verdicts: comparePairs(cells, metrics, 0), metrics };
}
const base = Array.from({ length: 12 }, (_, i) => i / 100);
const plus = (by: number) => base.map((v, i) => v + by + i / 1000);
const near = base.map((v, i) => v + (i % 2 ? 0.001 : -0.001));

describe('ahead', () => {
  const claim = {
    kind: 'ahead',
    claim: '',
    explainer: 'srd',
    metrics: ['deletion-auc'],
    attack: 'none',
    except: ['self'],
  };
  const finding = (nets: Parameters<typeof runOf>[0]) => findingOf(runOf(nets), claim as never);

  test('holds where every comparison is won, whichever of the two comes first', () => {
    const { sentence, table } = finding({ a: { worse: plus(0.3), srd: base, worst: plus(0.5), self: base } });
    expect(sentence).toBe('holds. Of 2 comparisons srd is better in 2, worse in 0, and not told apart in 0.');
    expect(table[1]).toEqual([
      'a',
      'Deletion AUC',
      expect.stringMatching(/^0\.055 \[/),
      'worse, worst',
      'none',
      'none',
    ]);
  });

  test('is shown in part where some are not told apart, and does not hold throughout where one is lost', () => {
    expect(finding({ a: { srd: base, worse: plus(0.3), near } }).sentence).toMatch(
      /^shown in part\. Of 2 .* better in 1, worse in 0/,
    );
    expect(finding({ a: { srd: base, worse: plus(0.3) }, b: { srd: plus(0.3), best: base } }).sentence).toMatch(
      /^does not hold throughout\. Of 2 comparisons srd is better in 1, worse in 1, and not told apart in 0/,
    );
  });
});

test('above asks for the lower end of the interval, net by net', () => {
  const hits = (n: number) => Array.from({ length: 50 }, (_, i) => Number(i < n));
  const claim = { kind: 'above', claim: '', rows: ['black'], than: ['guess', 'frequent'], metrics: ['pointing-game'] };
  const sentence = (black: number, other: number) =>
    findingOf(
      runOf(
        { a: { black: hits(black), guess: hits(5), frequent: hits(10) }, b: { black: hits(other), guess: hits(5) } },
        'pointing-game',
      ),
      claim as never,
    ).sentence;
  expect(sentence(40, 40)).toMatch(
    /^holds\. In 2 of 2 cases .* The narrowest is a, black, Pointing game: 0\.800 \[.*\] against 0\.200\.$/,
  );
  expect(sentence(12, 40)).toMatch(/^holds in part\. In 1 of 2 cases/);
  expect(sentence(12, 6)).toMatch(/^does not hold\. In 0 of 2 cases/);
});

test('alike asks whether intervals overlap over nets, and shows how others spread', () => {
  const claim = { kind: 'alike', claim: '', explainer: 'srd', metrics: ['deletion-auc'] };
  const finding = (values: readonly number[]) =>
    findingOf(runOf({ a: { srd: base, other: base }, b: { srd: values, other: plus(0.5) } }), claim as never);
  expect(finding(near).sentence).toBe('not contradicted. Over 2 nets the intervals of srd all overlap.');
  expect(finding(plus(0.3)).sentence).toBe(
    'does not hold. Over 2 nets the intervals of srd do not all overlap in deletion auc.',
  );
  expect(finding(near).table[2]).toEqual([
    'Deletion AUC',
    'other',
    expect.stringMatching(/ \(a\)$/),
    expect.stringMatching(/ \(b\)$/),
    '0.505',
  ]);
  expect(findingOf(runOf({ a: { srd: base } }), claim as never).sentence).toBe('not tested: there is one net only.');
});
