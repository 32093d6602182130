import { averageRanks } from '../numeric/sort.ts';
import { chiSquareTail } from './chi-square.ts';
import { rangeQuantile } from './studentized-range.ts';

/** Mean ranks of k treatments over n blocks, and whether they differ. */
export interface Friedman {
  /** Rank 1 is the smallest value; ties share their mean rank. */
  readonly meanRanks: readonly number[];
  readonly chiSquare: number;
  readonly p: number;
}

/** Friedman's (1937) test with its correction for ties, of at least one block of `k` (2 or more) values each; p by the chi-square distribution. */
export function friedman(blocks: readonly Float64Array[]): Friedman {
  const n = blocks.length;
  const k = blocks[0].length;
  const sums = new Float64Array(k);
  let squares = 0;
  for (const block of blocks)
    averageRanks(block).forEach((rank, j) => {
      sums[j] += rank;
      squares += rank * rank;
    });
  const expected = (n * (k + 1)) / 2;
  const between = sums.reduce((s, sum) => s + (sum - expected) ** 2, 0);
  const within = squares - (n * k * (k + 1) ** 2) / 4;
  const chiSquare = within === 0 ? 0 : ((k - 1) * between) / within;
  return { meanRanks: Array.from(sums, (sum) => sum / n), chiSquare, p: chiSquareTail(chiSquare, k - 1) };
}

const studentized = new Map<number, number>();

/**
 * Nemenyi's critical difference at 5 %: mean ranks of k treatments over n blocks that are further apart differ (Demšar 2006, section 3.2.2:
 * `q sqrt(k (k+1) / 6n)`, q the 95 % quantile of the studentized range over √2).
 */
export function criticalDifference(k: number, n: number): number {
  if (!studentized.has(k)) studentized.set(k, rangeQuantile(0.95, k) / Math.SQRT2);
  return studentized.get(k)! * Math.sqrt((k * (k + 1)) / (6 * n));
}
