import { join } from 'node:path';
import { charts } from './charts.ts';
import type { CurveSet } from './curve-chart.ts';
import { uniqueFileNames } from './file-names.ts';
import { heatmapFigure } from './heatmap-figure.ts';
import type { HeatmapFigure } from './heatmap-figure.ts';
import type { MetricInfo } from './metric-info.ts';
import { resultsCsv } from './results-csv.ts';
import type { Row } from './row.ts';
import { summaryCsv } from './summary-csv.ts';
import { summarise } from './summary.ts';
import { writeWhole } from './write.ts';

export { heatmapPng } from './heatmap-figure.ts';
export { summarise, writeWhole };
export type { HeatmapEntry, Prediction } from './heatmap-figure.ts';
export type { Summary } from './summary.ts';
export type { CurveSet, HeatmapFigure, MetricInfo, Row };

/** The results of a run, and the folder its reports go to. */
export interface Results {
  readonly rows: readonly Row[];
  /** Titles, directions and ranges for the charts; a metric not described here is charted under its bare name. */
  readonly metrics: readonly MetricInfo[];
  readonly curves?: readonly CurveSet[];
  /** May come one by one, since pictures take memory. */
  readonly figures?: Iterable<HeatmapFigure> | AsyncIterable<HeatmapFigure>;
  readonly out: string;
}

/** Writes results.csv, summary.csv, charts/ and heatmaps/; returns the paths written, relative to `out`. */
export async function writeReports({ rows, metrics, curves = [], figures = [], out }: Results): Promise<string[]> {
  const written: string[] = [];
  const write = async (path: string, content: string | Uint8Array) => {
    await writeWhole(join(out, path), content);
    written.push(path);
  };
  const summaries = summarise(rows);
  await write('results.csv', resultsCsv(rows));
  await write('summary.csv', summaryCsv(summaries));
  for (const { path, png } of charts(summaries, curves, metrics)) await write(`charts/${path}`, png);
  const unique = uniqueFileNames();
  for await (const figure of figures) await write(`heatmaps/${unique(figure.sample)}.png`, heatmapFigure(figure));
  return written;
}
