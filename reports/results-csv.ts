import { csv } from './csv.ts';
import type { Row } from './row.ts';

/** The text of results.csv: one line a row; an undefined value is an empty cell beside its reason. */
export const resultsCsv = (rows: readonly Row[]): string =>
  csv(rows, [
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
  ]);
