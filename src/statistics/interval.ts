import type { Rng } from '../numeric/random.ts';
import { mean } from '../numeric/statistics.ts';
import { bcaInterval, resampledMeans } from './bootstrap.ts';
import { normalQuantile } from './normal.ts';

/** A 95 % interval of a mean, by name. */
export interface Interval {
  readonly interval: 'bca' | 'wilson' | 'none';
  /** Null where there is no interval; the note then says why. */
  readonly low: number | null;
  readonly high: number | null;
  readonly note: string;
}

const resamples = 2000;

const none = (note: string): Interval => ({ interval: 'none', low: null, high: null, note });

/**
 * The 95 % BCa bootstrap interval of the mean of some values, of 2,000 resamples drawn from `rng`. A constant has no spread to resample:
 * its interval is the constant, or none where values are `discrete`, so that a few equal ones may come from chance.
 */
export function bcaOfMean(values: Float64Array, rng: () => Rng, discrete = false): Interval {
  if (values.length < 2) return none(values.length === 0 ? 'no values' : 'a single value');
  if (!values.every(Number.isFinite)) return none('infinite values');
  const [first] = values;
  if (values.every((v) => v === first))
    return discrete ? none('all alike') : { interval: 'bca', low: first, high: first, note: 'all alike' };
  const centre = mean(values);
  const deviations = values.map((v) => v - centre);
  const { low, high } = bcaInterval(deviations, resampledMeans(deviations, resamples, rng()));
  return { interval: 'bca', low: centre + low, high: centre + high, note: '' };
}

/** Wilson's (1927) interval of a proportion: `hits` of `n` (1 or more) trials. */
export function wilsonInterval(hits: number, n: number, level = 0.95): Interval {
  const z = normalQuantile((1 + level) / 2);
  const share = hits / n;
  const centre = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z / (2 * n)) ** 2);
  const end = (v: number) => Math.min(1, Math.max(0, v / (1 + (z * z) / n)));
  return {
    interval: 'wilson',
    low: hits === 0 ? 0 : end(centre - reach),
    high: hits === n ? 1 : end(centre + reach),
    note: '',
  };
}

/** The interval of a mean of hits and misses (`proportion`: 1 and 0, fractions where ties were broken) or of any other values. */
export function meanInterval(values: Float64Array, rng: () => Rng, proportion = false): Interval {
  return proportion && values.length > 0 && values.every((v) => v === 0 || v === 1)
    ? wilsonInterval(
        values.reduce((s, v) => s + v, 0),
        values.length,
      )
    : bcaOfMean(values, rng);
}
