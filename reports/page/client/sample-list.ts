import { shortReason } from '../../short-reason.ts';
import type { Rows, RowsCell } from './rows.ts';

/** Which samples are listed, and in which order. */
export interface Query {
  /** Part of the sample's name. */
  readonly find: string;
  /** `undefined` for samples with any undefined value, else a reason; empty for all. */
  readonly only: string;
  /** `sample`, `label`, `prediction`, `undefined` or an explainer. */
  readonly by: string;
  readonly descending: boolean;
}

/** How often each reason stands in some cells, the most frequent first. */
export function countReasons(cells: readonly RowsCell[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { reasons } of cells)
    for (const reason of reasons.values()) counts.set(shortReason(reason), (counts.get(shortReason(reason)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** The number of undefined values of each sample, of one reason if given. */
export function undefinedCounts(n: number, cells: readonly RowsCell[], only?: string): Uint32Array {
  const counts = new Uint32Array(n);
  for (const { reasons } of cells)
    for (const [sample, reason] of reasons) if (only === undefined || shortReason(reason) === only) counts[sample]++;
  return counts;
}

/** Places of the samples that a query finds, in its order; those without a value come last either way. */
export function findSamples(
  rows: Rows,
  cells: readonly RowsCell[],
  column: readonly RowsCell[],
  { find, only, by, descending }: Query,
): number[] {
  const n = rows.samples.length;
  const wanted = find.toLowerCase();
  const counts = only === '' ? undefined : undefinedCounts(n, cells, only === 'undefined' ? undefined : only);
  const found = rows.samples.flatMap((sample, i) =>
    (counts && counts[i] === 0) || !sample.toLowerCase().includes(wanted) ? [] : [i],
  );
  const sign = descending ? -1 : 1;
  if (by === 'sample')
    return found.sort((a, b) => sign * rows.samples[a].localeCompare(rows.samples[b], 'en', { numeric: true }));
  const all = by === 'undefined' ? undefinedCounts(n, cells) : undefined;
  const own = column.find(({ explainer }) => explainer === by)?.values;
  const key = (i: number): number => {
    if (by === 'label') return rows.labels[i] === '' ? NaN : Number(rows.labels[i]);
    if (by === 'prediction') return rows.predictions[i];
    return all?.[i] ?? own?.[i] ?? NaN;
  };
  return found.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return x === y ? a - b : sign * (x < y ? -1 : 1);
  });
}
