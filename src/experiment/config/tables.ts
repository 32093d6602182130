import { comparisonNames } from '../../../reports/metric-info.ts';
import type { Names } from '../../../reports/tables/content.ts';
import { tableLayout, type TableLayout } from '../../../reports/tables/layout.ts';
import { UserError } from '../../numeric/errors.ts';
import { attackMeasures } from '../attack-measures.ts';
import { check, type Place } from './check.ts';
import type { AttackEntry, Entry, MetricEntry } from './entries.ts';
import type { Path } from './source.ts';
import { didYouMean } from './suggest.ts';

interface Named {
  readonly models: readonly { readonly name: string }[];
  readonly datasets: readonly Entry<unknown>[];
  readonly explainers: readonly Entry<unknown>[];
  readonly attacks: readonly AttackEntry[];
  readonly metrics: readonly MetricEntry[];
}

/** The names that the rows of an experiment may have. */
export function namesOfRows({ models, datasets, explainers, attacks, metrics }: Named): Names {
  const all = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name);
  return {
    models: all(models),
    datasets: all(datasets),
    explainers: all(explainers),
    attacks: ['none', ...all(attacks)],
    metrics: [
      ...metrics.flatMap(({ name, definition }) =>
        definition.kind === 'map' ? name : comparisonNames.map((suffix) => `${name}:${suffix}`),
      ),
      ...(attacks.length > 0 ? all(attackMeasures) : []),
    ],
  };
}

/** Reads a list of layouts. Throws `UserError` with the place of a mistake, or of a name that the results do not have. */
export function readTables(values: readonly unknown[], { source, path }: Place, names: Names): TableLayout[] {
  const seen = new Set<string>();
  return values.map((value, i) => {
    const at = (under: Path) => source.at([...path, i, ...under]);
    const layout = check(tableLayout, value, { source, path: [...path, i] });
    if (seen.has(layout.name)) throw new UserError(`${at(['name'])}: two tables are called "${layout.name}"`);
    seen.add(layout.name);
    const known = (kind: keyof Names, name: string, under: Path) => {
      if (names[kind].includes(name)) return;
      const there = `${didYouMean(name, names[kind]) || ` (there are: ${names[kind].join(', ')})`}`;
      throw new UserError(`${at(under)}: the results have no ${kind.slice(0, -1)} "${name}"${there}`);
    };
    for (const kind of ['explainers', 'models', 'datasets'] as const)
      layout[kind]?.forEach((name, j) => known(kind, name, [kind, j]));
    layout.columns.forEach(({ metric, attack }, j) => {
      known('metrics', metric, ['columns', j, 'metric']);
      known('attacks', attack, ['columns', j, 'attack']);
      if (attack === 'none' && metric.includes(':'))
        throw new UserError(`${at(['columns', j])}: ${metric} has values under attacks only; add attack: NAME`);
    });
    for (const [model, rows] of Object.entries(layout.published?.values ?? {}))
      for (const [explainer, row] of Object.entries(rows)) {
        const under = ['published', 'values', model, explainer];
        known('explainers', explainer, under);
        if (row.length > layout.columns.length)
          throw new UserError(
            `${at(under)}: ${row.length} values for ${layout.columns.length} columns; write null for one that is not known`,
          );
      }
    return layout;
  });
}
