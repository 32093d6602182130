import type { Row } from './row.ts';

/** A column of results.csv and results.parquet. */
export interface ResultColumn {
  readonly name: keyof Row;
  readonly type: 'text' | 'integer' | 'real';
  /** Whether a cell may be empty: null in Parquet. */
  readonly empty: boolean;
  /** What it holds, with its unit and range. */
  readonly description: string;
}

const columns: { readonly [K in keyof Row]: Omit<ResultColumn, 'name'> } = {
  model: { type: 'text', empty: false, description: 'the name that the config gives the model' },
  dataset: { type: 'text', empty: false, description: 'the name that the config gives the dataset' },
  sample: { type: 'text', empty: false, description: 'the name of the sample in its dataset' },
  label: { type: 'integer', empty: true, description: 'true class, from 0; empty where unknown' },
  prediction: { type: 'integer', empty: false, description: 'class predicted for the clean picture, from 0' },
  target: { type: 'integer', empty: false, description: 'explained class, from 0' },
  explainer: { type: 'text', empty: false, description: 'the name that the config gives the explainer' },
  attack: { type: 'text', empty: false, description: 'the name that the config gives the attack; none: clean picture' },
  metric: { type: 'text', empty: false, description: 'name of the metric, for similarities with what they compare' },
  value: {
    type: 'real',
    empty: true,
    description: "in the metric's unit, for its range see the metrics; empty where undefined",
  },
  reason: { type: 'text', empty: true, description: 'why the value is undefined; empty where it is not' },
  discarded: {
    type: 'real',
    empty: true,
    description: "share of a metric's neighbours or steps that did not count, 0 to 1; empty where it discards none",
  },
};

/** The columns in the order of both files. */
export const resultColumns: readonly ResultColumn[] = Object.entries(columns).map(([name, column]) => ({
  name: name as keyof Row,
  ...column,
}));
