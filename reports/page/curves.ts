import type { MeanCurve } from '../mean-curves.ts';

const short = (values: readonly number[]) => values.map((v) => Number(v.toPrecision(5)));

/** Curves to five digits, which is more than a screen shows. */
export const shownCurves = (curves: readonly MeanCurve[]): MeanCurve[] =>
  curves.map((curve) => ({
    ...curve,
    ...{ x: short(curve.x), mean: short(curve.mean), low: short(curve.low), high: short(curve.high) },
  }));
