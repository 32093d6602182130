import { distinct } from '../distinct.ts';
import { directionOf, type MetricInfo } from '../metric-info.ts';
import type { Pair } from '../pairwise.ts';
import type { Summary } from '../summary.ts';

/** One line of summary.csv, as far as tables use it. */
export type Cell = Pick<
  Summary,
  | 'model'
  | 'dataset'
  | 'explainer'
  | 'attack'
  | 'metric'
  | 'n'
  | 'undefined'
  | 'mean'
  | 'standardError'
  | 'low'
  | 'high'
>;

/** One line of pairwise.csv, as far as tables use it. */
export type Verdict = Pick<Pair, 'model' | 'dataset' | 'attack' | 'metric' | 'explainer' | 'other' | 'verdict'>;

/** What tables are made from. */
export interface Content {
  readonly cells: readonly Cell[];
  readonly verdicts: readonly Verdict[];
  /** A metric that is not described here stands under its bare name, and none of its values is the best. */
  readonly metrics: readonly MetricInfo[];
}

/** The names that a layout may use. */
export interface Names {
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  readonly explainers: readonly string[];
  readonly attacks: readonly string[];
  readonly metrics: readonly string[];
}

/** The names that some results hold, in the order of first appearance. */
export function namesOf(cells: readonly Cell[]): Names {
  const all = (pick: (cell: Cell) => string) => distinct(cells.map(pick));
  return {
    models: all((cell) => cell.model),
    datasets: all((cell) => cell.dataset),
    explainers: all((cell) => cell.explainer),
    attacks: all((cell) => cell.attack),
    metrics: all((cell) => cell.metric),
  };
}

/** Which end of a metric is better in a table; undefined also for what attacks report of themselves, which says nothing of an explainer. */
export const goalOf = (metric: string, metrics: readonly MetricInfo[]): MetricInfo['better'] =>
  metric.startsWith('attack:') ? undefined : directionOf(metric, metrics);
