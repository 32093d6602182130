import { distinct } from '../distinct.ts';
import { groupBy } from '../group-by.ts';
import type { HeatmapFigure } from '../heatmap-figure.ts';
import type { MeanCurve } from '../mean-curves.ts';
import { comparisonOf, directionOf, formatRange, infoOf, titleOf, topOf, type MetricInfo } from '../metric-info.ts';
import type { Pair } from '../pairwise.ts';
import type { Rank } from '../ranks.ts';
import type { ResultCell } from '../result-cell.ts';
import type { Summary } from '../summary.ts';
import { pageAssets } from './assets.ts';
import { createChunks, type WriteFile } from './chunks.ts';
import { toColumns } from './columns.ts';
import { shownCurves } from './curves.ts';
import { pairKeys, rankKeys, summaryKeys, type FigureEntry, type ShownMetric, type Subject } from './data.ts';
import { figureChunk } from './figure.ts';
import { pageHtml } from './html.ts';
import { packRows } from './rows.ts';
import type { RunRecord } from './run-record.ts';

export type { RunRecord } from './run-record.ts';

/** What the page tells beside rows and figures. */
export interface PageContent {
  readonly run?: RunRecord;
  readonly metrics: readonly MetricInfo[];
  readonly summaries: readonly Summary[];
  readonly pairs: readonly Pair[];
  readonly ranks: readonly Rank[];
  readonly curves: readonly MeanCurve[];
}

/** A page in the making. */
export interface Page {
  /** Adds a figure to the gallery; it need not be kept. */
  addFigure(figure: HeatmapFigure): Promise<void>;
  /** Writes report.html. */
  finish(content: PageContent): Promise<void>;
}

function shownMetric(name: string, metrics: readonly MetricInfo[]): ShownMetric {
  const info = infoOf(name, metrics);
  return {
    name,
    title: titleOf(name, metrics),
    better: directionOf(name, metrics),
    range: info ? formatRange(comparisonOf(name)?.range ?? info.range) : '',
    top: topOf(name, metrics),
    axes: info?.axes,
  };
}

/** What attacks report of themselves comes last. */
const ownLast = (metrics: readonly string[]) => [
  ...metrics.filter((name) => !name.startsWith('attack:')),
  ...metrics.filter((name) => name.startsWith('attack:')),
];

/** Starts report.html with the rows of a run. What does not fit into the page goes to `report/`; `room` is that for rows and figures, in bytes. */
export async function startPage(cells: readonly ResultCell[], write: WriteFile, room?: number): Promise<Page> {
  const chunks = createChunks(write, room);
  const subjects: Subject[] = [];
  const figures: FigureEntry[] = [];
  for (const own of groupBy(cells, ({ model, dataset }) => JSON.stringify([model, dataset]))) {
    const { chunk, samples } = packRows(own);
    const name = `rows-${subjects.length + 1}`;
    subjects.push({ model: own[0].model, dataset: own[0].dataset, samples, chunk: name });
    await chunks.add(name, chunk);
  }
  return {
    async addFigure(figure) {
      const name = `figure-${figures.length + 1}`;
      const { model, dataset, sample } = figure.of;
      figures.push({ model, dataset, sample, attack: figure.entries[0]?.attack ?? 'none', chunk: name });
      await chunks.add(name, figureChunk(figure));
    },
    async finish({ run, metrics, summaries, pairs, ranks, curves }) {
      const named = (key: 'explainer' | 'attack' | 'metric') => distinct(cells.map((cell) => cell[key]));
      const data = {
        run,
        explainers: named('explainer'),
        attacks: distinct(['none', ...named('attack')]),
        metrics: ownLast(distinct([...named('metric'), ...curves.map(({ metric }) => metric)])).map((name) =>
          shownMetric(name, metrics),
        ),
        subjects,
        figures,
        summaries: toColumns(summaries, summaryKeys),
        pairs: toColumns(pairs, pairKeys),
        ranks: toColumns(ranks, rankKeys),
        curves: shownCurves(curves),
      };
      await write('report.html', pageHtml(data, chunks.inline, await pageAssets()));
    },
  };
}
