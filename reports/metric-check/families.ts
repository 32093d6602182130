import type { MetricInfo } from '../metric-info.ts';
import type { Row } from '../row.ts';

/** What is read of a row of results.csv. */
export type ScoredRow = Pick<Row, 'model' | 'dataset' | 'sample' | 'explainer' | 'attack' | 'metric' | 'value'>;

/** An explainer of a run: its name in rows, the definition it uses and its options. */
export interface Used {
  readonly name: string;
  readonly use: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A good explainer with its degraded copies: names by the share that is wrong, ascending; the first is 0. */
export type Family = readonly { readonly name: string; readonly share: number }[];

/** Maps that owe nothing to the model. */
const blind = ['random', 'constant', 'sobel', 'centre-gaussian'];

/** The families of a run, one for each explainer that is there whole and `degraded`, and its controls. */
export function familiesOf(explainers: readonly Used[]): { families: Family[]; controls: string[] } {
  const families = explainers.flatMap(({ name }) => {
    const worse = explainers.filter(({ use, options }) => use === 'degraded' && options.of === name);
    const members = worse.map((w) => ({ name: w.name, share: Number(w.options.share) }));
    return worse.length === 0 ? [] : [[{ name, share: 0 }, ...members].toSorted((a, b) => a.share - b.share)];
  });
  return { families, controls: explainers.filter(({ use }) => blind.includes(use)).map(({ name }) => name) };
}

/** How good each explainer's map of a sample is by one metric, more being better; explainers without a value are not in it. */
export type Goodness = ReadonlyMap<string, number>;

/** The goodness on clean pictures, `[sample]`, by one metric. */
export function goodnessBySample(rows: readonly ScoredRow[], { name, better }: MetricInfo): Map<string, Goodness> {
  const samples = new Map<string, Map<string, number>>();
  for (const { model, dataset, sample, explainer, attack, metric, value } of rows) {
    if (attack !== 'none' || metric !== name) continue;
    const key = JSON.stringify([model, dataset, sample]);
    const found = samples.get(key) ?? new Map<string, number>();
    samples.set(key, found);
    if (value !== null) found.set(explainer, rounded(better === 'lower' ? -value : value));
  }
  return samples;
}

/** To nine digits: a sum over the pixels in another order is no other score. */
const rounded = (value: number) => Number(value.toPrecision(9));
