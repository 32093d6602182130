import { csv } from './csv.ts';
import type { Summary } from './summary.ts';

/** The text of summary.csv: one line a summary; what n is too small for is an empty cell. */
export const summaryCsv = (summaries: readonly Summary[]): string =>
  csv(summaries, [
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
    'interval',
    'low',
    'high',
    'intervalNote',
    'discarded',
    'predictionKept',
    'meanKept',
    'reasons',
  ]);
