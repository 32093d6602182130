import { wilsonInterval } from '../../src/statistics/interval.ts';
import { distinct } from '../distinct.ts';
import type { ApopRow } from './row.ts';

/** A share of the samples with its 95 % Wilson interval: one line of apop-summary.csv. */
export interface ApopSummary {
  readonly reference: string;
  readonly measure: 'top1' | 'top5' | 'agreement';
  readonly hits: number;
  readonly n: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** What a guess would score: each class alike often. */
  readonly chance: number;
  /** What always naming the most frequent labels would score; null for the agreement. */
  readonly constant: number | null;
}

const measures = {
  top1: ({ rank }: ApopRow) => rank === 1,
  top5: ({ rank }: ApopRow) => rank <= 5,
  agreement: ({ agrees }: ApopRow) => agrees === 1,
};
const names = { top1: 1, top5: 5, agreement: 1 } as const;

/** The `k` most frequent labels; of equally frequent ones the smaller. */
export function mostFrequent(labels: readonly number[], k: number): Set<number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const order = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return new Set(order.slice(0, k).map(([label]) => label));
}

/** The share of samples whose label is among the `k` most frequent. */
function shareOfMostFrequent(labels: readonly number[], k: number): number {
  const frequent = mostFrequent(labels, k);
  return labels.filter((label) => frequent.has(label)).length / labels.length;
}

/** Top-1 and top-5 accuracy and agreement by reference, in the order of the rows, which are of a model with `classes` classes. */
export function summariseApop(rows: readonly ApopRow[], classes: number): ApopSummary[] {
  return distinct(rows.map(({ reference }) => reference)).flatMap((reference) => {
    const own = rows.filter((row) => row.reference === reference);
    const labels = own.map(({ label }) => label);
    return (Object.keys(measures) as (keyof typeof measures)[]).map((measure): ApopSummary => {
      const hits = own.filter(measures[measure]).length;
      const n = own.length;
      const { low, high } = wilsonInterval(hits, n);
      const k = names[measure];
      const constant = measure === 'agreement' ? null : shareOfMostFrequent(labels, k);
      return {
        ...{ reference, measure, hits, n, share: hits / n, low: low!, high: high! },
        ...{ chance: Math.min(k / classes, 1), constant },
      };
    });
  });
}
