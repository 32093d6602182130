import { criticalDifference, friedman } from '../src/statistics/friedman.ts';
import { meanIfAny } from '../src/statistics/describe.ts';
import { rankColumns } from './columns.ts';
import { csv } from './csv.ts';
import { groupBy } from './group-by.ts';
import { directionOf, type MetricInfo } from './metric-info.ts';
import { valuesBySample, type ResultCell } from './result-cell.ts';
import type { Row } from './row.ts';
import { tablesOf } from './table.ts';

/** The mean rank of one explainer among those of its table; 1 is the best. */
export interface Rank extends Pick<Row, 'model' | 'dataset' | 'attack' | 'explainer'> {
  /** A metric, ranked over its samples, or `(all metrics)`, ranked over metrics. */
  readonly metric: string;
  readonly over: 'samples' | 'metrics';
  /** Samples or metrics that rank every explainer. */
  readonly n: number;
  /** Samples or metrics left out because an explainer has no value there. */
  readonly leftOut: number;
  /** Null where n = 0, as is what follows. */
  readonly meanRank: number | null;
  /** Nemenyi's, at 5 %: mean ranks this far apart differ, provided that Friedman's test finds a difference at all. */
  readonly criticalDifference: number | null;
  readonly chiSquare: number | null;
  /** Of Friedman's test. */
  readonly p: number | null;
}

type Table = Pick<Rank, 'model' | 'dataset' | 'attack' | 'metric' | 'over'> & { readonly explainers: string[] };

/** Values turned so that less is better, one block a sample that has a value of every explainer. */
function blocksOf(table: readonly ResultCell[], metrics: readonly MetricInfo[]) {
  const sign = directionOf(table[0].metric, metrics) === 'higher' ? -1 : 1;
  const values = table.map(valuesBySample);
  const samples = new Set(table.flatMap(({ rows }) => rows.map(({ sample }) => sample)));
  const blocks = [...samples]
    .filter((sample) => values.every((of) => of.has(sample)))
    .map((sample) => Float64Array.from(values, (of) => sign * of.get(sample)!));
  return { blocks, leftOut: samples.size - blocks.length };
}

function rank({ explainers, ...table }: Table, blocks: readonly Float64Array[], leftOut: number): Rank[] {
  const n = blocks.length;
  const test = n > 0 ? friedman(blocks) : undefined;
  return explainers.map((explainer, i) => ({
    ...table,
    explainer,
    n,
    leftOut,
    meanRank: test?.meanRanks[i] ?? null,
    criticalDifference: test ? criticalDifference(explainers.length, n) : null,
    chiSquare: test?.chiSquare ?? null,
    p: test?.p ?? null,
  }));
}

/**
 * Mean ranks of two or more explainers within each metric, over samples, and over the metrics of each (model, dataset, attack), where a metric
 * ranks the explainers by their means over the samples that all of them have.
 */
export function rankExplainers(cells: readonly ResultCell[], metrics: readonly MetricInfo[]): Rank[] {
  const groups = groupBy(tablesOf(cells, metrics), ([{ model, dataset, attack }]) =>
    JSON.stringify([model, dataset, attack]),
  );
  return groups.flatMap((tables) => {
    const explainers = [...new Set(tables.flat().map(({ explainer }) => explainer))];
    if (explainers.length < 2) return [];
    const ranks: Rank[] = [];
    const means: Float64Array[] = [];
    const { model, dataset, attack } = tables[0][0];
    for (const table of tables) {
      const { blocks, leftOut } = blocksOf(table, metrics);
      const own = table.map(({ explainer }) => explainer);
      if (own.length > 1)
        ranks.push(
          ...rank(
            { model, dataset, attack, metric: table[0].metric, over: 'samples', explainers: own },
            blocks,
            leftOut,
          ),
        );
      if (blocks.length > 0 && own.length === explainers.length)
        means.push(Float64Array.from(own, (_, i) => meanIfAny(blocks.map((block) => block[i])) ?? NaN));
    }
    const complete = means.filter((block) => !block.some(Number.isNaN));
    const over = { model, dataset, attack, metric: '(all metrics)', over: 'metrics', explainers } as const;
    return [...ranks, ...rank(over, complete, tables.length - complete.length)];
  });
}

/** The text of ranks.csv: one line an explainer and metric. */
export const ranksCsv = (ranks: readonly Rank[]): string => csv(ranks, rankColumns);
