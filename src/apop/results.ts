import { join } from 'node:path';
import { apopChart } from '../../reports/apop/chart.ts';
import { mostFrequent, summariseApop, type ApopRow } from '../../reports/apop/index.ts';
import { writeDrawing } from '../../reports/drawing.ts';
import { uniqueFileNames } from '../../reports/file-names.ts';
import { comparePairs, pairwiseCsv } from '../../reports/pairwise.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import { resultsCsv } from '../../reports/results-csv.ts';
import type { Row } from '../../reports/row.ts';
import { summaryCsv } from '../../reports/summary-csv.ts';
import { summarise, type Summary } from '../../reports/summary.ts';
import { tableFiles } from '../../reports/tables/index.ts';
import { writeWhole } from '../../reports/write.ts';
import type { ApopConfig } from './config.ts';
import { measures } from './measures.ts';

const values: Record<(typeof measures)[number]['name'], (row: ApopRow) => number> = {
  top1: ({ rank }) => Number(rank === 1),
  top5: ({ rank }) => Number(rank <= 5),
  agreement: ({ agrees }) => agrees,
};
const counted = { top1: 1, top5: 5 } as const;

/** What one net of an APOP experiment came to. */
export interface ApopRun {
  readonly model: string;
  readonly classes: number;
  readonly rows: readonly ApopRow[];
}

/** Hits and misses as rows of results, inputs in place of explainers, with those of always naming the most frequent labels. */
function rowsOf({ model, rows }: ApopRun, dataset: string): Row[] {
  const labels = rows.filter(({ reference }) => reference === 'picture').map(({ label }) => label);
  const frequent = { top1: mostFrequent(labels, 1), top5: mostFrequent(labels, 5) };
  const row = ({ sample, label, prediction }: ApopRow, explainer: string, metric: string, value: number): Row => ({
    ...{ model, dataset, sample, label, prediction, target: prediction, explainer, attack: 'none' },
    ...{ metric, value, reason: '', discarded: null },
  });
  return [
    ...rows.flatMap((own) => measures.map(({ name }) => row(own, own.reference, name, values[name](own)))),
    ...rows
      .filter(({ reference }) => reference === 'picture')
      .flatMap((own) =>
        (['top1', 'top5'] as const).map((name) =>
          row(own, 'most-frequent', name, Number(frequent[name].has(own.label))),
        ),
      ),
  ];
}

/** What a guess would score, each class alike often: no samples, so no interval. */
function guessing(summaries: readonly Summary[], runs: readonly ApopRun[]): Summary[] {
  return summaries
    .filter(({ explainer, metric }) => explainer === 'picture' && metric in counted)
    .map((own): Summary => {
      const { classes } = runs.find(({ model }) => model === own.model)!;
      const chance = Math.min(counted[own.metric as keyof typeof counted] / classes, 1);
      const none = { standardError: null, low: null, high: null, interval: 'none', intervalNote: 'exact' } as const;
      return { ...own, ...none, explainer: 'guessing', mean: chance, median: null };
    });
}

/** Writes results.csv, summary.csv, pairwise.csv, tables/ and a chart a net, in charts/; returns their names. */
export async function writeApopResults(config: ApopConfig, runs: readonly ApopRun[], out: string): Promise<string[]> {
  const dataset = config.dataset.name;
  const rows = runs.flatMap((run) => rowsOf(run, dataset));
  const cells = cellsOf(rows);
  const measured = summarise(cells, measures, config.seed);
  const summaries = [...measured, ...guessing(measured, runs)];
  const verdicts = comparePairs(cells, measures, config.seed);
  const files: [string, string | Iterable<string>][] = [
    ['results.csv', resultsCsv(rows)],
    ['summary.csv', summaryCsv(summaries)],
    ['pairwise.csv', pairwiseCsv(verdicts)],
    ...tableFiles({ cells: summaries, verdicts, metrics: measures }, config.tables).map(
      ({ path, text }): [string, string] => [`tables/${path}`, text],
    ),
  ];
  for (const [path, text] of files) await writeWhole(join(out, path), text);
  const unique = uniqueFileNames();
  const charts = runs.map(({ model }) => `charts/${unique(model)}`);
  for (const [i, { model, classes, rows: own }] of runs.entries())
    await writeDrawing(
      join(out, charts[i]),
      apopChart(summariseApop(own, classes), `${model} on ${dataset}, ${config.pooling} pooling`),
    );
  return [...files.map(([path]) => path), ...charts.map((path) => `${path}.png`)];
}
