import { createRng } from '../src/numeric/random.ts';
import { meanIfAny } from '../src/statistics/describe.ts';
import { bcaOfMean } from '../src/statistics/interval.ts';
import type { CurveSet } from './curve-set.ts';

/** The mean of the curves of one explainer and attack, with the 95 % BCa interval of the mean at each place. */
export interface MeanCurve extends Omit<CurveSet, 'ys'> {
  /** Number of curves. */
  readonly n: number;
  readonly mean: readonly number[];
  /** Empty for a single curve, as is `high`. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** One mean curve for each set that is not empty. All places share their resamples, so that a band is no rougher than its curves. */
export const meanCurves = (sets: readonly CurveSet[], seed = 0): MeanCurve[] =>
  sets
    .filter(({ ys }) => ys.length > 0)
    .map(({ x, ys, ...of }) => {
      const { model, dataset, explainer, attack, metric } = of;
      const rng = () => createRng(seed, JSON.stringify(['curve', model, dataset, explainer, attack, metric]));
      const places = x.map((_, j) => {
        const column = Float64Array.from(ys, (y) => y[j]);
        const centre = meanIfAny(column)!;
        const { low, high } = bcaOfMean(column, rng);
        return { centre, low: low ?? centre, high: high ?? centre };
      });
      const banded = ys.length > 1 ? places : [];
      return {
        ...of,
        n: ys.length,
        x,
        mean: places.map(({ centre }) => centre),
        low: banded.map(({ low }) => low),
        high: banded.map(({ high }) => high),
      };
    });
