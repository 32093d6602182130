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
}

/** The range in words, `0 to 1` or `0 or more`; empty where the metric is unbounded. */
export function formatRange([low, high]: MetricInfo['range']): string {
  const [from, to] = [low, high].map((end) => String(end).replace('-', '−'));
  if (Number.isFinite(low)) return Number.isFinite(high) ? `${from} to ${to}` : `${from} or more`;
  return Number.isFinite(high) ? `${to} or less` : '';
}
