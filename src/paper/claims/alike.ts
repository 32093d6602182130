import { namesOf } from '../../../reports/tables/content.ts';
import { markdownText } from '../../../reports/tables/escape.ts';
import { numberText } from '../../../reports/tables/number.ts';
import type { FinishedRun } from '../../experiment/finished-run.ts';
import type { ClaimOf } from '../sections.ts';
import { digits, titlesOf, withInterval, type Finding } from './wording.ts';

/** Whether the intervals of a row overlap over all nets, beside the spread of the other rows. */
export function alike(run: FinishedRun, { explainer, metrics }: ClaimOf<'alike'>): Finding {
  const title = titlesOf(run);
  const { explainers } = namesOf(run.cells);
  const rangeOf = (name: string, metric: string) => {
    const own = run.cells
      .filter(
        (cell) => cell.explainer === name && cell.metric === metric && cell.attack === 'none' && cell.mean !== null,
      )
      .toSorted((a, b) => a.mean! - b.mean!);
    const [lowest, highest] = [own.at(0), own.at(-1)];
    if (!lowest || !highest) return [];
    const apart =
      Math.max(...own.map(({ low, mean }) => low ?? mean!)) > Math.min(...own.map(({ high, mean }) => high ?? mean!));
    return [{ name, metric, lowest, highest, apart, nets: own.length }];
  };
  const ranges = metrics.flatMap((metric) => explainers.flatMap((name) => rangeOf(name, metric)));
  const own = ranges.filter(({ name }) => name === explainer);
  const apart = own.filter((range) => range.apart);
  const nets = Math.max(0, ...own.map((range) => range.nets));
  return {
    sentence:
      nets < 2
        ? 'not tested: there is one net only.'
        : `${apart.length === 0 ? 'not contradicted' : apart.length < own.length ? 'does not hold throughout' : 'does not hold'}. ` +
          `Over ${nets} nets the intervals of ${title(explainer)} ${apart.length === 0 ? 'all overlap' : `do not all overlap in ${apart.map(({ metric }) => title(metric).toLowerCase()).join(', ')}`}.`,
    table:
      nets < 2
        ? []
        : [
            ['Metric', 'Row', 'Lowest', 'Highest', 'Spread'],
            ...ranges.map(({ name, metric, lowest, highest }) => [
              markdownText(title(metric)),
              markdownText(title(name)),
              `${withInterval(lowest)} (${markdownText(title(lowest.model))})`,
              `${withInterval(highest)} (${markdownText(title(highest.model))})`,
              numberText(highest.mean! - lowest.mean!, digits),
            ]),
          ],
  };
}
