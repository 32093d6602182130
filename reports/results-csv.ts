import { stringify } from 'csv-stringify/sync';
import type { Row } from './row.ts';

const columns = [
  'model',
  'dataset',
  'sample',
  'label',
  'prediction',
  'target',
  'explainer',
  'attack',
  'metric',
  'value',
  'reason',
  'discarded',
] as const satisfies readonly (keyof Row)[];

/** The text of results.csv: a header and one line a row; an undefined value is an empty cell beside its reason. */
export function resultsCsv(rows: readonly Row[]): string {
  return stringify(rows as Row[], { header: true, columns });
}
