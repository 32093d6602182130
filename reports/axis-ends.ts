/** A value with its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

// What rounding of a sum can do is not beyond the range.
const slack = 1e-6;

/** The span from the lowest to the highest end of intervals. */
const hull = (intervals: readonly Omit<Estimate, 'value'>[]): [number, number] => [
  Math.min(...intervals.map(({ low }) => low)),
  Math.max(...intervals.map(({ high }) => high)),
];

/** The possible range, widened to values beyond it: a metric of a plug-in may say less than it gives. */
export function coveringRange(
  estimates: readonly Omit<Estimate, 'value'>[],
  [low, high]: readonly [number, number],
): [number, number] {
  const [from, to] = hull(estimates);
  return [from < low - slack ? from : low, to > high + slack ? to : high];
}

/** Ends of a value axis: the data with a margin within the possible range, or the whole range if the data fill much of it. */
export function axisEnds(
  estimates: readonly Omit<Estimate, 'value'>[],
  [low, high]: readonly [number, number],
): [number, number] {
  const [from, to] = hull(estimates);
  if (to - from > 0.4 * (high - low)) return [low, high];
  const margin = to > from ? 0.05 * (to - from) : 0.1 * Math.abs(to) || 1;
  return [Math.max(low, from - margin), Math.min(high, to + margin)];
}

/** Ends of a span moved outwards to whole steps of 1, 2 or 5 times a power of ten, two at most, but not out of the possible range; and the step. */
export function roundEnds(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
): { readonly min: number; readonly max: number; readonly step: number } {
  const first = Math.floor(Math.log10((to - from) / 2));
  for (let k = 0; ; k++) {
    const step = [1, 2, 5][k % 3] * 10 ** (first + Math.floor(k / 3));
    const [start, end] = [Math.floor(from / step), Math.ceil(to / step)];
    if (end - start <= 2) return { min: Math.max(low, start * step), max: Math.min(high, end * step), step };
  }
}
