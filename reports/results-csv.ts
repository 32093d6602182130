import { csvParts } from './csv.ts';
import { resultColumns } from './result-columns.ts';
import type { Row } from './row.ts';

/** The text of results.csv in parts: one line a row; an undefined value is an empty cell beside its reason. */
export const resultsCsv = (rows: readonly Row[]): Iterable<string> =>
  csvParts(
    rows,
    resultColumns.map(({ name }) => name),
  );
