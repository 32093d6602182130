import type { Row } from './row.ts';

/** Statistics of one metric over the samples of one (model, dataset, explainer, attack). */
export interface Summary {
  readonly model: string;
  readonly dataset: string;
  readonly explainer: string;
  readonly attack: string;
  readonly metric: string;
  /** Number of defined values. */
  readonly n: number;
  /** Number of values that could not be computed. */
  readonly undefined: number;
  /** Null where n = 0. */
  readonly mean: number | null;
  /** Of the mean: sd (n - 1 in the denominator) / sqrt(n). Null where n < 2 or the mean is infinite. */
  readonly standardError: number | null;
  /** Null where n = 0. */
  readonly median: number | null;
}

/** Mean by a corrected second pass, so that a large common offset costs no digits; null for no values. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const rough = values.reduce((s, v) => s + v / values.length, 0);
  if (!Number.isFinite(rough)) return rough;
  return rough + values.reduce((s, v) => s + (v - rough), 0) / values.length;
}

/** Standard error of the mean; null for fewer than two values or an infinite mean. */
export function standardError(values: readonly number[]): number | null {
  const n = values.length;
  if (n < 2) return null;
  const centre = mean(values)!;
  if (!Number.isFinite(centre)) return null;
  const squares = values.reduce((s, v) => s + (v - centre) ** 2, 0);
  return Math.sqrt(squares / (n - 1) / n);
}

/** Median; the mean of the middle two for an even number, null for no values. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

/** One summary a (model, dataset, explainer, attack, metric), in the order of first appearance. */
export function summarise(rows: readonly Row[]): Summary[] {
  const groups = new Map<string, { first: Row; values: number[]; missing: number }>();
  for (const row of rows) {
    const key = JSON.stringify([row.model, row.dataset, row.explainer, row.attack, row.metric]);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { first: row, values: [], missing: 0 }));
    if (row.value === null) group.missing++;
    else group.values.push(row.value);
  }
  return [...groups.values()].map(({ first: { model, dataset, explainer, attack, metric }, values, missing }) => ({
    model,
    dataset,
    explainer,
    attack,
    metric,
    n: values.length,
    undefined: missing,
    mean: mean(values),
    standardError: standardError(values),
    median: median(values),
  }));
}
