import { namesOf } from '../../../reports/tables/content.ts';
import { numberText } from '../../../reports/tables/number.ts';
import type { FinishedRun } from '../../experiment/finished-run.ts';
import type { ClaimOf } from '../sections.ts';
import { digits, titlesOf, withInterval, type Finding } from './wording.ts';

/** Whether the intervals of rows lie above the means of others. */
export function above({ cells, ...run }: FinishedRun, { rows, than, metrics }: ClaimOf<'above'>): Finding {
  const title = titlesOf({ cells, ...run });
  const find = (model: string, explainer: string, metric: string) =>
    cells.find((cell) => cell.model === model && cell.explainer === explainer && cell.metric === metric);
  const compared = namesOf(cells).models.flatMap((model) =>
    metrics.flatMap((metric) =>
      rows.flatMap((row) => {
        const cell = find(model, row, metric);
        const levels = than.flatMap((other) => find(model, other, metric)?.mean ?? []);
        const level = Math.max(...levels);
        return cell === undefined || cell.low === null || levels.length === 0
          ? []
          : [{ model, metric, row, cell, level, holds: cell.low > level }];
      }),
    ),
  );
  const failing = compared.filter(({ holds }) => !holds);
  const least = compared.toSorted((a, b) => a.cell.low! - a.level - (b.cell.low! - b.level)).at(0);
  const named = ({ model, row, metric }: (typeof compared)[number]) =>
    `${title(model)}, ${title(row)}, ${title(metric)}`;
  return {
    sentence:
      `${failing.length === 0 ? 'holds' : failing.length < compared.length ? 'holds in part' : 'does not hold'}. ` +
      `In ${compared.length - failing.length} of ${compared.length} cases the interval lies above the better of ${than.map(title).join(' and ').toLowerCase()}.` +
      (least
        ? ` The narrowest is ${named(least)}: ${withInterval(least.cell)} against ${numberText(least.level, digits)}.`
        : ''),
    table: [],
  };
}
