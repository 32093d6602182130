/** A value with its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Ends of a value axis: the data with a margin within the possible range, or the whole range if the data fill much of it. */
export function axisEnds(
  estimates: readonly Omit<Estimate, 'value'>[],
  [low, high]: readonly [number, number],
): [number, number] {
  const from = Math.min(...estimates.map((e) => e.low));
  const to = Math.max(...estimates.map((e) => e.high));
  if (to - from > 0.4 * (high - low)) return [low, high];
  const margin = to > from ? 0.05 * (to - from) : 0.1 * Math.abs(to) || 1;
  return [Math.max(low, from - margin), Math.min(high, to + margin)];
}
