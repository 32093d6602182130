/** What a report needs to know of a metric. */
export interface MetricInfo {
  /** As in rows, without `:before-after` or `:after-target`. */
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
}

/** What two maps a similarity compares, as the suffix of a metric's name says. */
export const comparisons = {
  'before-after': { words: 'before vs. after', flip: false },
  // The more the attacked map resembles the attacker's target, the worse for the explainer.
  'after-target': { words: 'after vs. target', flip: true },
};

/** Splits `ssim:after-target` into `ssim` and `after-target`; other names stay whole. */
export function splitMetric(metric: string): { name: string; comparison?: keyof typeof comparisons } {
  const [, name, comparison] = /^(.*):(before-after|after-target)$/.exec(metric) ?? [];
  return comparison ? { name, comparison: comparison as keyof typeof comparisons } : { name: metric };
}

/** What is known of a metric, by its name in rows. */
export const infoOf = (metric: string, metrics: readonly MetricInfo[]): MetricInfo | undefined =>
  metrics.find(({ name }) => name === splitMetric(metric).name);

/** Which end of a metric, by its name in rows, is better for the explainer; undefined where neither is or nothing is known of it. */
export function directionOf(metric: string, metrics: readonly MetricInfo[]): MetricInfo['better'] {
  const { comparison } = splitMetric(metric);
  const better = infoOf(metric, metrics)?.better;
  if (!better || !comparison || !comparisons[comparison].flip) return better;
  return better === 'higher' ? 'lower' : 'higher';
}

/** The range in words, `0 to 1` or `0 or more`; empty where the metric is unbounded. */
export function formatRange([low, high]: MetricInfo['range']): string {
  const [from, to] = [low, high].map((end) => String(end).replace('-', '−'));
  if (Number.isFinite(low)) return Number.isFinite(high) ? `${from} to ${to}` : `${from} or more`;
  return Number.isFinite(high) ? `${to} or less` : '';
}
