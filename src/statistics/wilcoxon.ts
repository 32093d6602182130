import { averageRanks } from '../numeric/sort.ts';
import { normalCdf } from './normal.ts';

/** Wilcoxon's signed-rank test of paired differences against symmetry about zero, two-sided. */
export interface Wilcoxon {
  readonly p: number;
  readonly method: 'exact' | 'normal';
  /** Rank-biserial correlation (Kerby 2014), in [-1,1]: the share of ranks of positive differences less that of negative ones. */
  readonly effect: number;
}

const mostExact = 50;

/**
 * Tests paired differences. Zeros are ranked and then left out (Pratt 1959); ties share their mean rank. Up to 50 differences that are not zero
 * the distribution over all signs is counted out, ties and zeros included; beyond, it is normal, with corrections for ties and continuity.
 */
export function wilcoxon(differences: Float64Array): Wilcoxon {
  const ranks = averageRanks(differences.map(Math.abs));
  const kept = ranks.filter((_, i) => differences[i] !== 0);
  let [plus, total] = [0, 0];
  ranks.forEach((rank, i) => {
    if (differences[i] > 0) plus += rank;
    if (differences[i] !== 0) total += rank;
  });
  if (total === 0) return { p: 1, method: 'exact', effect: 0 };
  const effect = (2 * plus - total) / total;
  return kept.length <= mostExact
    ? { p: exactP(kept, Math.min(plus, total - plus)), method: 'exact', effect }
    : { p: normalP(kept, plus - total / 2), method: 'normal', effect };
}

// Ranks are halves of integers: sums of subsets of doubled ranks, counted; 2^50 subsets still are exact.
function exactP(ranks: Float64Array, least: number): number {
  const doubled = ranks.map((rank) => 2 * rank);
  const ways = new Float64Array(2 * least + 1);
  ways[0] = 1;
  for (const rank of doubled) for (let s = 2 * least; s >= rank; s--) ways[s] += ways[s - rank];
  return Math.min(1, (2 * ways.reduce((a, w) => a + w, 0)) / 2 ** ranks.length);
}

// Under random signs the sum of positive ranks has the variance Σ rank² / 4, whatever the ties and zeros.
function normalP(ranks: Float64Array, deviation: number): number {
  const variance = ranks.reduce((s, rank) => s + rank * rank, 0) / 4;
  return 2 * normalCdf(-Math.max(0, Math.abs(deviation) - 0.5) / Math.sqrt(variance));
}
