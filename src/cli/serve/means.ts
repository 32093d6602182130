import type { Row } from '../../../reports/row.ts';

/** The mean of one metric so far. */
export interface MeanSoFar {
  /** Null where no value is defined yet. */
  readonly mean: number | null;
  readonly n: number;
  readonly undefined: number;
}

/** Means of explainers, on pictures of one model, dataset and attack. */
export interface MeansTable {
  readonly model: string;
  readonly dataset: string;
  readonly attack: string;
  readonly metrics: readonly string[];
  readonly rows: readonly { readonly explainer: string; readonly means: readonly (MeanSoFar | undefined)[] }[];
}

interface Sum {
  total: number;
  n: number;
  undefined: number;
}

interface Sums extends Pick<Row, 'model' | 'dataset' | 'attack'> {
  readonly metrics: Set<string>;
  readonly explainers: Map<string, Map<string, Sum>>;
}

const got = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
};

/** Gathers means while rows come; what attacks report of themselves is left out. */
export function gatherMeans() {
  const tables = new Map<string, Sums>();
  return {
    add(rows: readonly Row[]): void {
      for (const { model, dataset, attack, explainer, metric, value } of rows) {
        if (metric.startsWith('attack:')) continue;
        const table = got(tables, JSON.stringify([model, dataset, attack]), () => ({
          ...{ model, dataset, attack },
          metrics: new Set<string>(),
          explainers: new Map<string, Map<string, Sum>>(),
        }));
        table.metrics.add(metric);
        const sums = got(table.explainers, explainer, () => new Map<string, Sum>());
        const sum = got(sums, metric, () => ({ total: 0, n: 0, undefined: 0 }));
        if (value === null) sum.undefined++;
        else {
          sum.total += value;
          sum.n++;
        }
      }
    },
    tables: (): MeansTable[] =>
      [...tables.values()].map(({ metrics, explainers, ...names }) => ({
        ...names,
        metrics: [...metrics],
        rows: [...explainers].map(([explainer, sums]) => ({
          explainer,
          means: [...metrics].map((metric) => {
            const sum = sums.get(metric);
            return sum && { mean: sum.n > 0 ? sum.total / sum.n : null, n: sum.n, undefined: sum.undefined };
          }),
        })),
      })),
  };
}
