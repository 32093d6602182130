import { join } from 'node:path';
import { charts } from './charts.ts';
import type { CurveSet } from './curve-set.ts';
import { drawingFiles } from './drawing.ts';
import { uniqueFileNames } from './file-names.ts';
import { galleryFigure } from './gallery-figure.ts';
import { heatmapFigure } from './heatmap-figure.ts';
import type { HeatmapFigure } from './heatmap-figure.ts';
import { meanCurves } from './mean-curves.ts';
import type { MetricInfo } from './metric-info.ts';
import { startPage, type RunRecord } from './page/index.ts';
import { comparePairs, pairwiseCsv } from './pairwise.ts';
import { rankExplainers, ranksCsv } from './ranks.ts';
import { cellsOf } from './result-cell.ts';
import { resultsCsv } from './results-csv.ts';
import { writeResultsParquet } from './results-parquet.ts';
import type { Row } from './row.ts';
import { summaryCsv } from './summary-csv.ts';
import { summarise, type Summary } from './summary.ts';
import { tableFiles, type TableLayout } from './tables/index.ts';
import { replaceFile, writeWhole } from './write.ts';

export { writeWhole };
export type { HeatmapEntry, Prediction } from './heatmap-figure.ts';
export type { CurveSet, HeatmapFigure, MetricInfo, Row, RunRecord, Summary };

/** Samples in the gallery of clean maps. */
const galleryRows = 6;

/** The results of a run, and the folder its reports go to. */
export interface Results {
  readonly rows: readonly Row[];
  /** Of the run; the bootstrap draws from it. */
  readonly seed: number;
  /** Titles, directions and ranges; a metric not described here is charted under its bare name, and explainers are not compared by it. */
  readonly metrics: readonly MetricInfo[];
  /** By default a table a (model, dataset) and attack. */
  readonly tables?: readonly TableLayout[];
  readonly curves?: readonly CurveSet[];
  /** May come one by one, since pictures take memory. */
  readonly figures?: Iterable<HeatmapFigure> | AsyncIterable<HeatmapFigure>;
  /** What the page says of the run. */
  readonly run?: RunRecord;
  readonly out: string;
}

/** What was written: paths relative to `out`, and the content of summary.csv. */
export interface Reports {
  readonly files: readonly string[];
  readonly summaries: readonly Summary[];
}

/** Writes results.csv, results.parquet, summary.csv, pairwise.csv, ranks.csv, tables/, charts/, heatmaps/ and report.html, which may have a folder report/. */
export async function writeReports(results: Results): Promise<Reports> {
  const { rows, seed, metrics, tables, curves = [], figures = [], run, out } = results;
  const files: string[] = [];
  const write = async (path: string, content: string | Uint8Array | Iterable<string>) => {
    await writeWhole(join(out, path), content);
    files.push(path);
  };
  const nominal = new Set(metrics.filter((metric) => metric.nominal).map(({ name }) => name));
  const cells = cellsOf(rows.filter(({ metric }) => !nominal.has(metric)));
  const summaries = summarise(cells, metrics, seed);
  const pairs = comparePairs(cells, metrics, seed);
  const ranks = rankExplainers(cells, metrics);
  const means = meanCurves(curves, seed);
  await write('results.csv', resultsCsv(rows));
  await replaceFile(join(out, 'results.parquet'), (path) => writeResultsParquet(path, rows, { metrics, run }));
  files.push('results.parquet');
  await write('summary.csv', summaryCsv(summaries));
  await write('pairwise.csv', pairwiseCsv(pairs));
  await write('ranks.csv', ranksCsv(ranks));
  for (const { path, text } of tableFiles({ cells: summaries, verdicts: pairs, metrics }, tables))
    await write(`tables/${path}`, text);
  for (const { path, drawing } of charts(summaries, ranks, means, metrics))
    for (const file of drawingFiles(`charts/${path}`, drawing)) await write(file.path, file.content);
  const unique = uniqueFileNames();
  const page = await startPage(cells, write);
  const gallery: HeatmapFigure[] = [];
  for await (const figure of figures) {
    await write(`heatmaps/${unique(figure.sample)}.png`, heatmapFigure(figure));
    await page.addFigure(figure);
    if (!figure.entries.some(({ attack }) => attack) && gallery.length < galleryRows) gallery.push(figure);
  }
  if (gallery.length > 1) await write(`heatmaps/${unique('gallery')}.png`, galleryFigure(gallery));
  await page.finish({ run, metrics, summaries, pairs, ranks, curves: means });
  return { files, summaries };
}
