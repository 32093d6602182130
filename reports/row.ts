/** One measured number: one line of results.csv. Rows are in the order of the plan. */
export interface Row {
  readonly model: string;
  readonly dataset: string;
  readonly sample: string;
  /** The true label, empty where unknown. */
  readonly label: number | '';
  /** The clean picture's predicted class, which is also the explained one unless the config says otherwise. */
  readonly prediction: number;
  readonly target: number;
  readonly explainer: string;
  /** `none` for the clean picture; `attack@explainer` where another explainer was attacked than the row's. */
  readonly attack: string;
  /** Name of the metric; for similarities followed by what they compare, as in `:before-after`; `attack:*` for what the attack reports. */
  readonly metric: string;
  /** Null where undefined; `reason` then says why. */
  readonly value: number | null;
  readonly reason: string;
  /** The share, in [0,1], of a metric's neighbours or steps that did not count; null for metrics that discard none. */
  readonly discarded: number | null;
}
