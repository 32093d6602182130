import { groupBy } from './group-by.ts';
import type { Row } from './row.ts';

/** The rows of one metric of one (model, dataset, explainer, attack), by name of sample, so that nothing depends on the order of rows. */
export interface ResultCell extends Pick<Row, 'model' | 'dataset' | 'explainer' | 'attack' | 'metric'> {
  readonly rows: readonly Row[];
}

/** The cells of a table of results, in the order of first appearance. */
export function cellsOf(rows: readonly Row[]): ResultCell[] {
  return groupBy(rows, ({ model, dataset, explainer, attack, metric }) =>
    JSON.stringify([model, dataset, explainer, attack, metric]),
  ).map((group) => {
    const { model, dataset, explainer, attack, metric } = group[0];
    const sorted = group.sort((a, b) => (a.sample < b.sample ? -1 : a.sample > b.sample ? 1 : 0));
    return { model, dataset, explainer, attack, metric, rows: sorted };
  });
}

/** The values of a cell that are defined. */
export const valuesOf = ({ rows }: ResultCell): Float64Array =>
  Float64Array.from(rows.flatMap(({ value }) => (value === null ? [] : [value])));

/** The values of a cell that are defined, by name of sample. */
export const valuesBySample = ({ rows }: ResultCell): Map<string, number> =>
  new Map(rows.flatMap(({ sample, value }) => (value === null ? [] : [[sample, value]])));
