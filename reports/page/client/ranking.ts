import type { ShownMetric, ShownPair } from '../data.ts';

/** How an explainer stands against the others of its table by the corrected tests. */
export interface Standing {
  readonly better: number;
  readonly worse: number;
  readonly others: number;
}

/** The verdicts of an explainer against the others of one (model, dataset, attack, metric). */
export function standingOf(explainer: string, pairs: readonly ShownPair[]): Standing {
  const verdicts = pairs.flatMap((pair) => {
    if (pair.explainer === explainer) return [pair.verdict];
    if (pair.other !== explainer) return [];
    return [pair.verdict === 'better' ? 'worse' : pair.verdict === 'worse' ? 'better' : pair.verdict];
  });
  const count = (verdict: string) => verdicts.filter((v) => v === verdict).length;
  return { better: count('better'), worse: count('worse'), others: verdicts.length };
}

/** `all`: shown to be better than every other; `most`: than more than half of them, and worse than none. */
export function markOf({ better, worse, others }: Standing): 'all' | 'most' | undefined {
  if (others === 0 || better === 0) return undefined;
  if (better === others) return 'all';
  return worse === 0 && 2 * better > others ? 'most' : undefined;
}

/** The order of explainers by one metric, the better first unless turned over; those without a mean last. */
export function sortedBy(
  explainers: readonly string[],
  valueOf: (explainer: string) => number | null | undefined,
  better: ShownMetric['better'],
  reversed: boolean,
): string[] {
  const sign = (better === 'lower' ? 1 : -1) * (reversed ? -1 : 1);
  const key = (explainer: string) => valueOf(explainer) ?? undefined;
  return [...explainers].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    return x === y ? 0 : sign * (x - y);
  });
}
