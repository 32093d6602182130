import { createRng } from '../src/numeric/random.ts';
import { meanIfAny, median, standardError } from '../src/statistics/describe.ts';
import { meanInterval, type Interval } from '../src/statistics/interval.ts';
import { infoOf, type MetricInfo } from './metric-info.ts';
import { valuesBySample, valuesOf, type ResultCell } from './result-cell.ts';
import type { Row } from './row.ts';
import { shortReason } from './short-reason.ts';

/** Statistics of one metric over the samples of one (model, dataset, explainer, attack). */
export interface Summary extends Pick<Row, 'model' | 'dataset' | 'explainer' | 'attack' | 'metric'> {
  /** Number of defined values. */
  readonly n: number;
  /** Number of values that could not be computed. */
  readonly undefined: number;
  /** Null where n = 0, or infinities of both signs meet. */
  readonly mean: number | null;
  /** Of the mean: sd (n - 1 in the denominator) / sqrt(n). Null where n < 2 or the mean is infinite. */
  readonly standardError: number | null;
  /** Null where n = 0. */
  readonly median: number | null;
  /** The 95 % interval of the mean: which, its ends, and why it is none or has no width. */
  readonly interval: Interval['interval'];
  readonly low: number | null;
  readonly high: number | null;
  readonly intervalNote: string;
  /** Mean share of discarded neighbours; null for metrics that discard none. */
  readonly discarded: number | null;
  /** Number of attacked pictures, out of n + undefined, that kept their prediction; null for clean pictures. */
  readonly predictionKept: number | null;
  /** Mean over the pictures that kept their prediction; null for clean pictures and where there are none. */
  readonly meanKept: number | null;
  /** Why values are undefined, each reason after its count. */
  readonly reasons: string;
}

const attackedKey = ({ model, dataset, explainer, attack }: ResultCell) =>
  JSON.stringify([model, dataset, explainer, attack]);

/** One summary a cell. Bootstrap resamples are drawn from (seed, cell), so no summary depends on another. */
export function summarise(cells: readonly ResultCell[], metrics: readonly MetricInfo[] = [], seed = 0): Summary[] {
  const kept = new Map(
    cells
      .filter(({ metric }) => metric === 'attack:prediction-kept')
      .map((cell) => [attackedKey(cell), valuesBySample(cell)]),
  );
  return cells.map((cell) => {
    const { model, dataset, explainer, attack, metric, rows } = cell;
    const values = valuesOf(cell);
    const rng = () => createRng(seed, JSON.stringify(['mean', model, dataset, explainer, attack, metric]));
    const { interval, low, high, note } = meanInterval(values, rng, infoOf(metric, metrics)?.proportion);
    const keptHere = kept.get(attackedKey(cell));
    const keptRows = keptHere && rows.filter(({ sample }) => keptHere.get(sample) === 1);
    return {
      model,
      dataset,
      explainer,
      attack,
      metric,
      n: values.length,
      undefined: rows.length - values.length,
      mean: meanIfAny(values),
      standardError: standardError(values),
      median: median(values),
      interval,
      low,
      high,
      intervalNote: note,
      discarded: meanIfAny(rows.flatMap(({ discarded }) => discarded ?? [])),
      predictionKept: keptRows?.length ?? null,
      meanKept: keptRows ? meanIfAny(valuesOf({ ...cell, rows: keptRows })) : null,
      reasons: countReasons(rows),
    };
  });
}

/** `2 the mask is empty; 1 the map holds NaN`, the most frequent first; places within a map are left out. */
function countReasons(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { value, reason } of rows) {
    if (value !== null) continue;
    const short = shortReason(reason);
    counts.set(short, (counts.get(short) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} ${reason}`)
    .join('; ');
}
