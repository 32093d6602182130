/** What a report needs to know of a metric. */
export interface MetricInfo {
  /** As in rows, without what follows the name of a similarity. */
  readonly name: string;
  readonly title: string;
  /** Absent where more is neither better nor worse, as for the size of an attack. */
  readonly better?: 'higher' | 'lower';
  /** Smallest and largest possible value. */
  readonly range: readonly [number, number];
  /** Titles of the axes of its curve; absent for a curve over changed pixels. */
  readonly axes?: { readonly x: string; readonly y: string };
  /** Each value is a hit or a miss, 1 or 0; fractions come from ties only. */
  readonly proportion?: boolean;
  /** Values are names in numbers, such as classes: kept in results.csv, and neither averaged nor drawn. */
  readonly nominal?: boolean;
}

interface Comparison {
  readonly words: string;
  /** What is better for the explainer: that the two are alike, that they are not, or less of it; absent for what others are compared with. */
  readonly better?: 'alike' | 'unlike' | 'less';
  /** Where it is not that of the metric. */
  readonly range?: MetricInfo['range'];
}

/** What a similarity says of an attack, by the suffix of the metric's name. */
const comparisons = {
  'before-after': { words: 'before vs. after', better: 'alike' },
  // The more the attacked map resembles the attacker's target, the worse for the explainer.
  'after-target': { words: 'after vs. target', better: 'unlike' },
  'before-target': { words: 'before vs. target (floor)' },
  'before-noise': { words: 'before vs. noise (ceiling)' },
  'gap-closed': { words: 'gap to target closed', better: 'less', range: [-Infinity, 1] },
} satisfies Record<string, Comparison>;
type ComparisonName = keyof typeof comparisons;
/** What may follow the name of a similarity in rows. */
export const comparisonNames = Object.keys(comparisons) as ComparisonName[];

const suffix = new RegExp(`^(.*):(${comparisonNames.join('|')})$`);

/** The comparison of a metric's name in rows, if it is that of a similarity. */
export function comparisonOf(metric: string): Comparison | undefined {
  const { comparison } = splitMetric(metric);
  return comparison && comparisons[comparison];
}

/** Splits `ssim:after-target` into `ssim` and `after-target`; other names stay whole. */
export function splitMetric(metric: string): { name: string; comparison?: ComparisonName } {
  const [, name, comparison] = suffix.exec(metric) ?? [];
  return comparison ? { name, comparison: comparison as ComparisonName } : { name: metric };
}

/** Whether a metric in rows is only there for others to be compared with. */
export function isReference(metric: string): boolean {
  const comparison = comparisonOf(metric);
  return comparison !== undefined && comparison.better === undefined;
}

/** What is known of a metric, by its name in rows. */
export const infoOf = (metric: string, metrics: readonly MetricInfo[]): MetricInfo | undefined =>
  metrics.find(({ name }) => name === splitMetric(metric).name);

/** The title of a metric, by its name in rows, such as `SSIM, before vs. after`. */
export function titleOf(metric: string, metrics: readonly MetricInfo[]): string {
  const title = infoOf(metric, metrics)?.title ?? splitMetric(metric).name;
  const comparison = comparisonOf(metric);
  return comparison ? `${title}, ${comparison.words}` : title;
}

/** Which end of a metric, by its name in rows, is better for the explainer; undefined where neither is or nothing is known of it. */
export function directionOf(metric: string, metrics: readonly MetricInfo[]): MetricInfo['better'] {
  const better = infoOf(metric, metrics)?.better;
  const comparison = comparisonOf(metric);
  if (!better || !comparison) return better;
  if (comparison.better === 'less') return 'lower';
  return comparison.better && ((better === 'higher') === (comparison.better === 'alike') ? 'higher' : 'lower');
}

/** The largest value a metric in rows can have, where there is one. */
export function topOf(metric: string, metrics: readonly MetricInfo[]): number | undefined {
  const top = (comparisonOf(metric)?.range ?? infoOf(metric, metrics)?.range)?.[1];
  return Number.isFinite(top) ? top : undefined;
}

/** The range in words, `0 to 1` or `0 or more`; empty where the metric is unbounded. */
export function formatRange([low, high]: MetricInfo['range']): string {
  const [from, to] = [low, high].map((end) => String(end).replace('-', '−'));
  if (Number.isFinite(low)) return Number.isFinite(high) ? `${from} to ${to}` : `${from} or more`;
  return Number.isFinite(high) ? `${to} or less` : '';
}
