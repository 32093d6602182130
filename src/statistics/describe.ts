import { mean } from '../numeric/statistics.ts';

/** The mean, null where it has no value: for no values, or infinities of both signs. */
export function meanIfAny(values: ArrayLike<number>): number | null {
  const found = mean(values);
  return Number.isNaN(found) ? null : found;
}

/** Standard error of the mean: sd (n - 1 in the denominator) / sqrt(n). Null for fewer than two values or without a finite mean. */
export function standardError(values: ArrayLike<number>): number | null {
  const n = values.length;
  const centre = meanIfAny(values);
  if (n < 2 || centre === null || !Number.isFinite(centre)) return null;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - centre) ** 2;
  return Math.sqrt(squares / (n - 1) / n);
}

/** Median; the mean of the middle two for an even number, null for no values. */
export function median(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1 || sorted[middle - 1] === sorted[middle]) return sorted[middle];
  const between = sorted[middle - 1] / 2 + sorted[middle] / 2;
  return Number.isNaN(between) ? null : between;
}
