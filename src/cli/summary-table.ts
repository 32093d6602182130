import type { Summary } from '../../reports/index.ts';
import { table } from './table.ts';

const keyOf = ({ model, dataset, explainer, attack }: Summary) => JSON.stringify([model, dataset, explainer, attack]);

const short = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? ''
    : Math.abs(value) < 1e-3 && value !== 0
      ? value.toExponential(1)
      : value.toPrecision(3);

/** Means by explainer and attack, as many metrics as `width` letters hold; what an attack reports of itself is left to the files. */
export function summaryTable(summaries: readonly Summary[], width: number): string {
  const shown = summaries.filter(({ metric }) => !metric.startsWith('attack:'));
  const metrics = [...new Set(shown.map(({ metric }) => metric))];
  const several = (pick: (s: Summary) => string) => new Set(summaries.map(pick)).size > 1;
  const names = [
    ...(several((s) => s.model) ? (['model'] as const) : []),
    ...(several((s) => s.dataset) ? (['dataset'] as const) : []),
    'explainer',
    'attack',
  ] as const;
  const means = new Map(shown.map((s) => [keyOf(s) + s.metric, s.mean]));
  const firsts = [...new Map(shown.map((s) => [keyOf(s), s])).values()];
  const build = (count: number) =>
    table(
      [
        [...names, ...metrics.slice(0, count)],
        ...firsts.map((s) => [
          ...names.map((name) => s[name]),
          ...metrics.slice(0, count).map((metric) => short(means.get(keyOf(s) + metric))),
        ]),
      ],
      metrics.map((_, i) => names.length + i),
    );
  const fits = (text: string) => text.split('\n').every((line) => line.length <= width);
  let count = metrics.length;
  while (count > 1 && !fits(build(count))) count--;
  const hidden = metrics.slice(count);
  return hidden.length === 0 ? build(count) : `${build(count)}\n(and in summary.csv: ${hidden.join(', ')})`;
}
