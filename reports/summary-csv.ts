import { summaryColumns } from './columns.ts';
import { csv } from './csv.ts';
import type { Summary } from './summary.ts';

/** The text of summary.csv: one line a summary; what n is too small for is an empty cell. */
export const summaryCsv = (summaries: readonly Summary[]): string => csv(summaries, summaryColumns);
