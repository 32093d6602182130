// In the order of the files; the page shows them too, less what it has no place for. That rows have them is checked where they are written.

/** The columns of summary.csv. */
export const summaryColumns = [
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
] as const;

/** The columns of pairwise.csv. */
export const pairColumns = [
  'model',
  'dataset',
  'attack',
  'metric',
  'goal',
  'explainer',
  'other',
  'n',
  'unpaired',
  'meanDifference',
  'interval',
  'low',
  'high',
  'intervalNote',
  'p',
  'test',
  'holmP',
  'effect',
  'verdict',
] as const;

/** The columns of ranks.csv. */
export const rankColumns = [
  'model',
  'dataset',
  'attack',
  'metric',
  'over',
  'explainer',
  'n',
  'leftOut',
  'meanRank',
  'criticalDifference',
  'chiSquare',
  'p',
] as const;
