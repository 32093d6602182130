/** The curves behind a metric's scores, one a sample, for one explainer and attack. */
export interface CurveSet {
  readonly model: string;
  readonly dataset: string;
  readonly explainer: string;
  /** `none` for the clean picture. */
  readonly attack: string;
  readonly metric: string;
  /** Fractions, of pixels unless the metric says otherwise, in [0,1]. */
  readonly x: readonly number[];
  /** `[sample][x]`, all as long as `x`. */
  readonly ys: readonly (readonly number[])[];
}
