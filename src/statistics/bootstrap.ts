import type { Rng } from '../numeric/random.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** What makes a bias-corrected and accelerated interval (Efron 1987). */
export interface Bca {
  /** z0: the normal quantile of the share of resampled means below the mean. */
  readonly bias: number;
  /** a: a sixth of the skewness of the jackknife. */
  readonly acceleration: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Means of `count` resamples with replacement. The numbers come from xoshiro128+ (Blackman and Vigna 2018), written out here because the loop
 * runs millions of times; `rng` gives its state.
 */
export function resampledMeans(values: Float64Array, count: number, rng: Rng): Float64Array {
  const n = values.length;
  const scale = n / 2 ** 32;
  let [a, b, c, d] = Array.from({ length: 4 }, () => rng.integer(2 ** 32) | 0);
  const means = new Float64Array(count);
  for (let r = 0; r < count; r++) {
    let total = 0;
    for (let i = 0; i < n; i++) {
      total += values[(((a + d) >>> 0) * scale) | 0];
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    means[r] = total / n;
  }
  return means;
}

/**
 * The BCa interval of the mean from the deviations of at least two different values from their mean and the deviations of resampled means from
 * it, which are sorted in place. Resampled means that equal the mean, but for rounding, count half as below it. Quantiles are interpolated
 * linearly (Hyndman and Fan's type 7).
 */
export function bcaInterval(deviations: Float64Array, resampled: Float64Array, level = 0.95): Bca {
  let [squares, cubes, largest] = [0, 0, 0];
  for (const v of deviations) {
    squares += v * v;
    cubes += v * v * v;
    largest = Math.max(largest, Math.abs(v));
  }
  const acceleration = cubes / (6 * squares ** 1.5);
  let below = 0;
  for (const v of resampled) below += Math.abs(v) <= 1e-12 * largest ? 0.5 : v < 0 ? 1 : 0;
  const bias = normalQuantile(below / resampled.length);
  resampled.sort();
  const end = (p: number) => {
    const shifted = bias + normalQuantile(p);
    return quantile(resampled, normalCdf(bias + shifted / (1 - acceleration * shifted)));
  };
  return { bias, acceleration, low: end((1 - level) / 2), high: end((1 + level) / 2) };
}

function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const lower = Math.floor(place);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return sorted[lower] + (place - lower) * (sorted[upper] - sorted[lower]);
}
