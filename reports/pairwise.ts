import { createRng } from '../src/numeric/random.ts';
import { meanIfAny } from '../src/statistics/describe.ts';
import { holm } from '../src/statistics/holm.ts';
import { bcaOfMean, type Interval } from '../src/statistics/interval.ts';
import { wilcoxon, type Wilcoxon } from '../src/statistics/wilcoxon.ts';
import { pairColumns } from './columns.ts';
import { csv } from './csv.ts';
import { directionOf, infoOf, type MetricInfo } from './metric-info.ts';
import { valuesBySample, type ResultCell } from './result-cell.ts';
import type { Row } from './row.ts';
import { level } from './samples-needed.ts';
import { tablesOf } from './table.ts';

/** One explainer against another on the same samples. */
export interface Pair extends Pick<Row, 'model' | 'dataset' | 'attack' | 'metric' | 'explainer'> {
  readonly other: string;
  readonly goal: 'higher' | 'lower';
  /** Samples on which both have a value. */
  readonly n: number;
  /** Samples on which one or both have none. */
  readonly unpaired: number;
  /** Of the explainer's value less the other's. */
  readonly meanDifference: number | null;
  readonly interval: Interval['interval'];
  readonly low: number | null;
  readonly high: number | null;
  readonly intervalNote: string;
  /** Wilcoxon's signed-rank test, two-sided; null without pairs or with infinite differences. */
  readonly p: number | null;
  readonly test: Wilcoxon['method'] | '';
  /** p after Holm's correction over the pairs of this (model, dataset, attack, metric). */
  readonly holmP: number | null;
  /** Rank-biserial correlation: 1 where every difference is positive, -1 where every one is negative. */
  readonly effect: number | null;
  /** Of the explainer against the other. `not shown` is not `equal`. */
  readonly verdict: 'better' | 'worse' | 'not shown';
}

/** Every two explainers on every metric that has a better end, in the order of the table; what attacks report of themselves is not compared. */
export function comparePairs(cells: readonly ResultCell[], metrics: readonly MetricInfo[], seed: number): Pair[] {
  return tablesOf(cells, metrics).flatMap((table) => {
    const values = table.map(valuesBySample);
    const pairs = table.flatMap((cell, i) =>
      table.slice(i + 1).map((other, j) => compare(cell, other, values[i], values[i + 1 + j], metrics, seed)),
    );
    const tested = pairs.filter(({ p }) => p !== null);
    const adjusted = holm(tested.map(({ p }) => p!));
    return pairs.map((pair): Pair => {
      const holmP = adjusted[tested.indexOf(pair)] ?? null;
      return { ...pair, holmP, verdict: verdictOf(pair, holmP) };
    });
  });
}

function compare(
  cell: ResultCell,
  other: ResultCell,
  values: ReadonlyMap<string, number>,
  otherValues: ReadonlyMap<string, number>,
  metrics: readonly MetricInfo[],
  seed: number,
): Omit<Pair, 'holmP' | 'verdict'> {
  const { model, dataset, attack, metric, explainer } = cell;
  const samples = new Set([...cell.rows, ...other.rows].map(({ sample }) => sample));
  const shared = [...values.keys()].filter((sample) => otherValues.has(sample));
  const differences = Float64Array.from(shared, (sample) => values.get(sample)! - otherValues.get(sample)!);
  const finite = differences.every(Number.isFinite);
  const tested = finite && differences.length > 0 ? wilcoxon(differences) : undefined;
  // The same resamples whichever of the two comes first, so that swapping them changes signs only.
  const names = [explainer, other.explainer].sort();
  const rng = () => createRng(seed, JSON.stringify(['difference', model, dataset, names, attack, metric]));
  const { interval, low, high, note } = bcaOfMean(differences, rng, infoOf(metric, metrics)?.proportion);
  return {
    model,
    dataset,
    attack,
    metric,
    explainer,
    other: other.explainer,
    goal: directionOf(metric, metrics)!,
    n: differences.length,
    unpaired: samples.size - differences.length,
    meanDifference: finite ? meanIfAny(differences) : null,
    interval,
    low,
    high,
    intervalNote: note,
    p: tested?.p ?? null,
    test: tested?.method ?? '',
    effect: tested?.effect ?? null,
  };
}

/** What a p that is corrected for all that is looked at shows of a pair. */
export function verdictOf(
  { goal, meanDifference, effect }: Pick<Pair, 'goal' | 'meanDifference' | 'effect'>,
  holmP: number | null,
): Pair['verdict'] {
  // A few large differences may outweigh many small ones of the other sign: then the mean and the ranks disagree, and nothing is claimed.
  if (holmP === null || holmP >= level || Math.sign(meanDifference!) !== Math.sign(effect!)) return 'not shown';
  return effect! > 0 === (goal === 'higher') ? 'better' : 'worse';
}

/** The text of pairwise.csv: one line a pair. */
export const pairwiseCsv = (pairs: readonly Pair[]): string => csv(pairs, pairColumns);
