import { Undefined } from './errors.ts';

/** The sum of the values, in float64. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/**
 * The mean of the values, in float64, by a corrected second pass, so that a large common offset costs no digits. NaN for no values, or
 * infinities of both signs.
 */
export function mean(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return NaN;
  let rough = 0;
  for (let i = 0; i < n; i++) rough += values[i] / n;
  if (!Number.isFinite(rough)) return rough;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += values[i] - rough;
  return rough + rest / n;
}

/** The Euclidean norm, in float64. */
export function norm(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * values[i];
  return Math.sqrt(total);
}

/** The area under the points (x, y) joined by straight lines; `x` ascends. */
export function trapezoid(x: readonly number[], y: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area;
}

/** Pearson's correlation coefficient, in [-1,1]. Throws `Undefined` when either side is constant. */
export function pearson(a: Float64Array, b: Float64Array): number {
  const [x, y] = [centred(a), centred(b)];
  let product = 0;
  for (let i = 0; i < x.length; i++) product += x[i] * y[i];
  return Math.max(-1, Math.min(1, product / (norm(x) * norm(y))));
}

// Constancy is asked of the values: the rounded mean of a constant may leave a residue that looks like variance.
function centred(values: Float64Array): Float64Array {
  if (values.every((v) => v === values[0])) throw new Undefined('a correlation with a constant map has no value');
  const centre = mean(values);
  return values.map((v) => v - centre);
}

/** The Gini index of non-negative values: 0 when all are equal, 1 - 1/n when one holds everything. Throws `Undefined` when all are 0. */
export function gini(values: Float64Array): number {
  const n = values.length;
  const total = positiveSum(values);
  let weighted = 0;
  values.toSorted().forEach((v, i) => (weighted += (2 * i + 1 - n) * v));
  return Math.max(0, weighted / (n * total));
}

/** The Shannon entropy, in nats, of non-negative values divided by their sum: 0 to ln n. Throws `Undefined` when all are 0. */
export function entropy(values: Float64Array): number {
  const total = positiveSum(values);
  let nats = 0;
  for (const v of values) if (v > 0) nats -= (v / total) * Math.log(v / total);
  return nats;
}

function positiveSum(values: Float64Array): number {
  const total = sum(values);
  if (total === 0) throw new Undefined('the map is zero everywhere');
  return total;
}
