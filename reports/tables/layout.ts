import { z } from 'zod';
import { publishedValues } from './published.ts';

const fullColumn = z.strictObject({
  /** As in results.csv: `deletion`, `ssim:before-after`, `attack:prediction-kept`. */
  metric: z.string(),
  /** `none`: clean pictures. */
  attack: z.string().default('none'),
  /** By default that of the metric, and the attack where there are several. */
  title: z.string().optional(),
  /** Digits after the point; by default those of the table. */
  digits: z.int().min(0).max(12).optional(),
  /** Values are shown times this: 100 for percent. */
  scale: z.number().positive().default(1),
  /** A heading over neighbouring columns that name the same. */
  group: z.string().optional(),
});

/** One column of a table. */
export type ColumnLayout = z.output<typeof fullColumn>;

const column = z.union(
  [z.string().transform((metric): ColumnLayout => ({ metric, attack: 'none', scale: 1 })), fullColumn],
  { error: 'expected the name of a metric or { metric: name, attack, title, digits, scale, group }' },
);

/** How a table is laid out: what its rows and columns are, in which order, under which titles. */
export const tableLayout = z.strictObject({
  /** Name of its files. */
  name: z.string().regex(/^[\w][\w.+@-]*$/, 'expected a name of letters, digits, ".", "_", "+", "@" and "-"'),
  caption: z.string().optional(),
  columns: z.array(column).min(1, 'expected at least one column'),
  /** Rows; by default all explainers in the order of the config. */
  explainers: z.array(z.string()).min(1).optional(),
  models: z.array(z.string()).min(1).optional(),
  datasets: z.array(z.string()).min(1).optional(),
  /** Heading of the first column. */
  heading: z.string().default('Explainer'),
  /** Values of a paper, to stand beside the measured ones. */
  published: publishedValues.optional(),
  /** What several models and datasets become: tables of their own, groups of rows, or groups of columns. */
  subjects: z.enum(['tables', 'rows', 'columns']).default('tables'),
  /** Titles of explainers, models and datasets, by their names. */
  titles: z.record(z.string(), z.string()).default({}),
  digits: z.int().min(0).max(12).default(3),
  /** What stands beside a mean. */
  spread: z.enum(['interval', 'standard-error', 'none']).default('interval'),
  /** Bold and underlined: the best mean and the second. */
  best: z.boolean().default(true),
  /** Arrows that say which end is better. */
  arrows: z.boolean().default(true),
  /** Marks of significance. */
  marks: z.boolean().default(true),
});

export type TableLayout = z.output<typeof tableLayout>;
