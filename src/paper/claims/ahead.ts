import type { Pair } from '../../../reports/pairwise.ts';
import { namesOf } from '../../../reports/tables/content.ts';
import { markdownText } from '../../../reports/tables/escape.ts';
import type { FinishedRun } from '../../experiment/finished-run.ts';
import type { ClaimOf } from '../sections.ts';
import { counted, titlesOf, withInterval, type Finding } from './wording.ts';

/** The verdict of a pair, seen from one of the two. */
function verdictFor(explainer: string, pair: Pair): Pair['verdict'] {
  const turned = { better: 'worse', worse: 'better', 'not shown': 'not shown' } as const;
  return pair.explainer === explainer ? pair.verdict : turned[pair.verdict];
}

/** Whether an explainer is better than each of the others, by the pairwise tests. */
export function ahead(run: FinishedRun, { explainer, metrics, attack, except }: ClaimOf<'ahead'>): Finding {
  const title = titlesOf(run);
  const { models } = namesOf(run.cells);
  const rows = models.flatMap((model) =>
    metrics.flatMap((metric) => {
      const here = (item: { model: string; attack: string; metric: string }) =>
        item.model === model && item.attack === attack && item.metric === metric;
      const cell = run.cells.find((found) => here(found) && found.explainer === explainer);
      const pairs = run.verdicts.filter(
        (pair) =>
          here(pair) &&
          [pair.explainer, pair.other].includes(explainer) &&
          ![pair.explainer, pair.other].some((name) => except.includes(name)),
      );
      const against = (verdict: Pair['verdict']) =>
        pairs
          .filter((pair) => verdictFor(explainer, pair) === verdict)
          .map((pair) => (pair.explainer === explainer ? pair.other : pair.explainer));
      return cell
        ? [{ model, metric, cell, better: against('better'), open: against('not shown'), worse: against('worse') }]
        : [];
    }),
  );
  const total = (key: 'better' | 'open' | 'worse') => rows.reduce((sum, row) => sum + row[key].length, 0);
  const [better, open, worse] = [total('better'), total('open'), total('worse')];
  const all = better + open + worse;
  const verdict =
    worse > 0 ? 'does not hold throughout' : open === 0 ? 'holds' : better > 0 ? 'shown in part' : 'not shown';
  const rivals = Math.max(...rows.map((row) => row.better.length + row.open.length + row.worse.length));
  const names = (list: readonly string[]) => {
    if (list.length === 0) return 'none';
    return list.length === rivals && rivals > 2
      ? `all ${rivals}`
      : list.map((name) => markdownText(title(name))).join(', ');
  };
  return {
    sentence: `${verdict}. Of ${counted(all, 'comparison')} ${title(explainer)} is better in ${better}, worse in ${worse}, and not told apart in ${open}.`,
    table: [
      ['Net', 'Metric', 'Mean [95 %]', 'Better than', 'Not told apart from', 'Worse than'],
      ...rows.map((row) => [
        markdownText(title(row.model)),
        markdownText(title(row.metric)),
        withInterval(row.cell),
        names(row.better),
        names(row.open),
        names(row.worse),
      ]),
    ],
  };
}
