import { holm } from '../src/statistics/holm.ts';
import { verdictOf, type Pair } from './pairwise.ts';
import { samplesNeeded } from './samples-needed.ts';

/** Two explainers on one metric, and what can be said of them when all the metrics and attacks are looked at together. */
export interface ComparisonLine extends Pick<
  Pair,
  | 'model'
  | 'dataset'
  | 'attack'
  | 'metric'
  | 'goal'
  | 'n'
  | 'unpaired'
  | 'meanDifference'
  | 'low'
  | 'high'
  | 'p'
  | 'effect'
> {
  /** Holm's correction over all lines of the comparison. */
  readonly holmP: number | null;
  readonly verdict: Pair['verdict'];
}

export interface Comparison {
  readonly explainer: string;
  readonly other: string;
  readonly lines: readonly ComparisonLine[];
  /** What can be claimed, and what cannot, in a sentence or two. */
  readonly claim: string;
}

/**
 * One explainer against another over all metrics and attacks of a run. The verdicts of pairwise.csv are each of one metric; here p is corrected over
 * all of them, since whoever reads them together picks the best.
 */
export function compareTwo(pairs: readonly Pair[], explainer: string, other: string): Comparison {
  const own = pairs.flatMap((pair): Pair[] => {
    if (pair.explainer === explainer && pair.other === other) return [pair];
    return pair.explainer === other && pair.other === explainer ? [turned(pair)] : [];
  });
  const tested = own.filter(({ p }) => p !== null);
  const adjusted = holm(tested.map(({ p }) => p!));
  const lines = own.map((pair): ComparisonLine => {
    const { model, dataset, attack, metric, goal, n, unpaired, meanDifference, low, high, p, effect } = pair;
    const holmP = adjusted[tested.indexOf(pair)] ?? null;
    const verdict = verdictOf(pair, holmP);
    return { model, dataset, attack, metric, goal, n, unpaired, meanDifference, low, high, p, effect, holmP, verdict };
  });
  return { explainer, other, lines, claim: claimOf(lines, explainer, other) };
}

const minus = (value: number | null) => (value === null ? null : -value);
const turned = (pair: Pair): Pair => ({
  ...pair,
  meanDifference: minus(pair.meanDifference),
  low: minus(pair.high),
  high: minus(pair.low),
  effect: minus(pair.effect),
});

function claimOf(lines: readonly ComparisonLine[], explainer: string, other: string): string {
  const tested = lines.filter(({ p }) => p !== null);
  if (tested.length === 0) return `Nothing can be claimed: ${explainer} and ${other} have no values to compare.`;
  const several = (pick: (line: ComparisonLine) => string) => new Set(lines.map(pick)).size > 1;
  const named = (line: ComparisonLine) =>
    [
      line.metric,
      ...(several((l) => l.attack) ? [line.attack === 'none' ? 'clean' : `under ${line.attack}`] : []),
      ...(several((l) => l.model) ? [line.model] : []),
      ...(several((l) => l.dataset) ? [line.dataset] : []),
    ].join(' ');
  const count = tested.length;
  const of = (verdict: Pair['verdict']) => tested.filter((line) => line.verdict === verdict);
  const parts = (['better', 'worse'] as const).flatMap((verdict) => {
    const found = of(verdict);
    return found.length > 0 ? [`${verdict} than ${other} by ${found.length} (${found.map(named).join(', ')})`] : [];
  });
  const open = of('not shown').length;
  const family = count === 1 ? 'the one comparison' : `${count} comparisons, corrected for all of them by Holm`;
  const samples = Math.max(...tested.map(({ n }) => n));
  const needed = samplesNeeded(count);
  const first =
    parts.length > 0
      ? `Of ${family}, ${explainer} is shown to be ${parts.join(' and ')}.`
      : `Nothing is shown: of ${family}, no difference between ${explainer} and ${other} holds at 5 %.`;
  const rest =
    open > 0
      ? ` ${parts.length > 0 ? `For the other ${open} no difference is shown, which` : 'This'} does not mean that they are equal.`
      : '';
  const few = samples < needed ? ` With ${samples} samples nothing could be shown: it takes ${needed} or more.` : '';
  return `${first}${rest}${few} It holds for this data, these models and these options.`;
}
