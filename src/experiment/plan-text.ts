import { isMapMetric, type Config } from './config.ts';
import { metricsOf, type Plan, type Unit } from './plan.ts';

/** Rows that a unit gives at most: an attack may report no loss, or have no map that it steers to. */
function rowsOf(config: Config, unit: Unit): number {
  const metrics = metricsOf(config, unit);
  if (!unit.attack) return metrics.length;
  const { kind } = unit.attack.definition;
  const comparisons = kind === 'explanation' ? 5 : 1;
  const reported = { benign: 12, prediction: 14, explanation: 13 }[kind];
  return reported + metrics.reduce((n, metric) => n + (isMapMetric(metric) ? 1 : comparisons), 0);
}

/** Number of rows of results.csv that a plan leads to, at most. */
export const rowCount = (config: Config, { units }: Plan): number =>
  units.reduce((n, unit) => n + rowsOf(config, unit), 0);

function counts(title: string, units: readonly Unit[], nameOf: (unit: Unit) => string): string[] {
  const found = new Map<string, number>();
  for (const unit of units) found.set(nameOf(unit), (found.get(nameOf(unit)) ?? 0) + 1);
  const width = Math.max(...[...found.keys()].map((name) => name.length));
  return [title, ...[...found].map(([name, n]) => `  ${name.padEnd(width)}  ${n}`)];
}

/** What a plan holds, in lines for a person: units by model, explainer and attack, and rows to expect. */
export function planText(config: Config, plan: Plan): string {
  const { units, leftOut } = plan;
  const samples = new Set(units.map(({ subject, index }) => `${subject.model.name}/${subject.entry.name}/${index}`));
  return [
    `${config.name}: ${units.length} units of work on ${samples.size} samples, at most ${rowCount(config, plan)} rows`,
    ...counts('units by model and dataset', units, ({ subject }) => `${subject.model.name} on ${subject.entry.name}`),
    ...counts('units by explainer', units, ({ explainer }) => explainer.name),
    ...counts('units by attack', units, ({ attack }) => attack?.name ?? 'none'),
    ...leftOut.map(
      ({ attack, explainer }) =>
        `left out: ${attack.name} against ${explainer.name}, which is a black box and has no gradient to follow`,
    ),
  ].join('\n');
}
