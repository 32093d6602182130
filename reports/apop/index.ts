import { join } from 'node:path';
import { csv } from '../csv.ts';
import { writeDrawing } from '../drawing.ts';
import { writeWhole } from '../write.ts';
import { apopChart } from './chart.ts';
import type { ApopRow } from './row.ts';
import type { ApopSummary } from './summary.ts';

export type { ApopRow } from './row.ts';
export { mostFrequent, summariseApop, type ApopSummary } from './summary.ts';

const rowColumns = ['sample', 'label', 'reference', 'prediction', 'rank', 'agrees'] as const;
const summaryColumns = ['reference', 'measure', 'hits', 'n', 'share', 'low', 'high', 'chance', 'constant'] as const;

/** Writes apop.csv, apop-summary.csv and the chart apop.png, .svg and .pdf into a folder. */
export async function writeApop(
  rows: readonly ApopRow[],
  summaries: readonly ApopSummary[],
  subject: string,
  out: string,
): Promise<void> {
  await writeWhole(join(out, 'apop.csv'), csv(rows, rowColumns));
  await writeWhole(join(out, 'apop-summary.csv'), csv(summaries, summaryColumns));
  await writeDrawing(join(out, 'apop'), apopChart(summaries, subject));
}
