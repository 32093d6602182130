import { mean, standardError } from '../../src/statistics/describe.ts';
import type { CurveSet } from '../curve-chart.ts';
import type { MeanCurve } from './data.ts';

const short = (v: number) => Number(v.toPrecision(5));

/** The mean curve of each explainer and its band. */
export const meanCurves = (sets: readonly CurveSet[]): MeanCurve[] =>
  sets
    .filter(({ ys }) => ys.length > 0)
    .map(({ x, ys, ...of }) => {
      const columns = x.map((_, j) => ys.map((y) => y[j]));
      return {
        ...of,
        n: ys.length,
        x: x.map(short),
        mean: columns.map((column) => short(mean(column)!)),
        half: ys.length > 1 ? columns.map((column) => short(1.96 * standardError(column)!)) : [],
      };
    });
