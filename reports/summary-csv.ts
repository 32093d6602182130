import { stringify } from 'csv-stringify/sync';
import type { Summary } from './summary.ts';

const columns = [
  'model',
  'dataset',
  'explainer',
  'attack',
  'metric',
  'n',
  'undefined',
  'mean',
  'standardError',
  'median',
] as const satisfies readonly (keyof Summary)[];

/** The text of summary.csv: a header and one line a summary; what n is too small for is an empty cell. */
export function summaryCsv(summaries: readonly Summary[]): string {
  return stringify(summaries as Summary[], {
    header: true,
    columns: columns.map((key) => ({ key, header: key === 'standardError' ? 'standard_error' : key })),
  });
}
