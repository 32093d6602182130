import { groupBy } from './group-by.ts';
import { directionOf, type MetricInfo } from './metric-info.ts';
import type { ResultCell } from './result-cell.ts';

/**
 * The cells of one (model, dataset, attack, metric), one an explainer: what is compared with each other. Metrics without a better end, and what
 * attacks report of themselves, are not compared.
 */
export function tablesOf(cells: readonly ResultCell[], metrics: readonly MetricInfo[]): ResultCell[][] {
  return groupBy(
    cells.filter(({ metric }) => !metric.startsWith('attack:') && directionOf(metric, metrics)),
    ({ model, dataset, attack, metric }) => JSON.stringify([model, dataset, attack, metric]),
  );
}
