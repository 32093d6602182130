import { createRng } from '../../src/numeric/random.ts';
import { averageRanks } from '../../src/numeric/sort.ts';
import { pearson } from '../../src/numeric/statistics.ts';
import { meanIfAny } from '../../src/statistics/describe.ts';
import { bcaOfMean } from '../../src/statistics/interval.ts';
import type { MetricInfo } from '../metric-info.ts';
import { familiesOf, goodnessBySample, type Family, type Goodness, type ScoredRow, type Used } from './families.ts';

/** What is known of one metric by one measure: one line of metric-check.csv. */
export interface Check {
  readonly metric: string;
  readonly measure: 'discrimination' | 'monotonicity' | 'reliability';
  /** `all`; or the explainer, or the explainer and the control, that the line is about. */
  readonly of: string;
  /** Samples that have a value. */
  readonly n: number;
  readonly undefined: number;
  readonly mean: number | null;
  /** Ends of the 95 % BCa interval over samples; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
}

/** A run's rows, explainers and the seed of its resampling. */
export interface CheckedRun {
  readonly rows: readonly ScoredRow[];
  readonly explainers: readonly Used[];
  readonly seed: number;
}

/** Spearman's correlation; 0 where one side is all alike and so says nothing of the other. Undefined below two pairs. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length < 2) return undefined;
  const [x, y] = [a, b].map((values) => averageRanks(Float64Array.from(values)));
  return [x, y].some((ranks) => ranks.every((r) => r === ranks[0])) ? 0 : pearson(x, y);
}

/** 1 where the good map scores better than the control, ½ where they tie, else 0; undefined where either has no score. */
function wins(goodness: Goodness, good: string, control: string): number | undefined {
  const [a, b] = [goodness.get(good), goodness.get(control)];
  return a === undefined || b === undefined ? undefined : a === b ? 0.5 : Number(a > b);
}

/** Minus the rank correlation of score and share degraded: 1 where every step down is seen. */
function seesDegradation(goodness: Goodness, family: Family): number | undefined {
  const scores = family.map(({ name }) => goodness.get(name));
  if (scores.some((s) => s === undefined)) return undefined;
  return rankCorrelation(
    scores as number[],
    family.map(({ share }) => -share),
  );
}

const defined = (values: readonly (number | undefined)[]) => values.filter((v) => v !== undefined);
/** The mean of those that are defined, if any. */
const meanOf = (values: readonly (number | undefined)[]) => meanIfAny(defined(values)) ?? undefined;

/**
 * How far each metric can be trusted on a run of degraded explainers and controls. Per sample, then averaged with an interval over samples:
 * _discrimination_, the chance that it puts an explainer above a control; _monotonicity_, how its score falls with the share degraded; and
 * with another run of the same samples, of another seed, _reliability_: the rank correlation of the explainers' scores in both.
 */
export function checkMetrics(
  { rows, explainers, seed }: CheckedRun,
  metrics: readonly MetricInfo[],
  again?: readonly ScoredRow[],
): Check[] {
  const { families, controls } = familiesOf(explainers);
  return metrics.flatMap((metric) => {
    const samples = goodnessBySample(rows, metric);
    if (samples.size === 0) return [];
    const line = (
      measure: Check['measure'],
      of: string,
      value: (goodness: Goodness, sample: string) => number | undefined,
    ): Check => {
      const found = [...samples].map(([sample, goodness]) => value(goodness, sample));
      const values = Float64Array.from(defined(found));
      const rng = () => createRng(seed, JSON.stringify(['metric-check', metric.name, measure, of]));
      const { low, high } = bcaOfMean(values, rng);
      const n = values.length;
      return { metric: metric.name, measure, of, n, undefined: samples.size - n, mean: meanIfAny(values), low, high };
    };
    const pairs = families.flatMap(([{ name }]) => controls.map((control) => [name, control] as const));
    const other = again && goodnessBySample(again, metric);
    return [
      line('discrimination', 'all', (g) => meanOf(pairs.map(([good, control]) => wins(g, good, control)))),
      ...pairs.map(([good, control]) =>
        line('discrimination', `${good} over ${control}`, (g) => wins(g, good, control)),
      ),
      line('monotonicity', 'all', (g) => meanOf(families.map((family) => seesDegradation(g, family)))),
      ...families.map((family) => line('monotonicity', family[0].name, (g) => seesDegradation(g, family))),
      ...(other ? [line('reliability', 'all', (g, sample) => agreement(g, other.get(sample)))] : []),
    ];
  });
}

/** The rank correlation of two scorings of the same explainers; undefined below two in common. */
function agreement(a: Goodness, b: Goodness = new Map()): number | undefined {
  const names = [...a.keys()].filter((name) => b.has(name));
  return rankCorrelation(
    names.map((name) => a.get(name)!),
    names.map((name) => b.get(name)!),
  );
}
