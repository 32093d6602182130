import { curveChart } from './curve-chart.ts';
import type { Drawing } from './drawing.ts';
import { distinct } from './distinct.ts';
import { uniqueFileNames } from './file-names.ts';
import { groupBy } from './group-by.ts';
import type { MeanCurve } from './mean-curves.ts';
import { metricChart } from './metric-chart.ts';
import { splitMetric } from './metric-info.ts';
import type { MetricInfo } from './metric-info.ts';
import { rankChart } from './rank-chart.ts';
import type { Rank } from './ranks.ts';
import type { Summary } from './summary.ts';
import { transferChart } from './transfer-chart.ts';
import { curveAttack, transfers } from './transfer.ts';

export interface NamedDrawing {
  /** Relative to the folder of charts, without an ending. */
  readonly path: string;
  readonly drawing: Drawing;
}

/**
 * All charts of a run: `ranks`, `<metric>`, and `<metric>-curve` for clean and `<metric>-curve-<attack>` for attacked
 * pictures, `transfer-<comparison>` where an attack was found on one explainer and scored on others. Several models or datasets get a folder each.
 */
export function* charts(
  summaries: readonly Summary[],
  ranks: readonly Rank[],
  curves: readonly MeanCurve[],
  metrics: readonly MetricInfo[],
): Generator<NamedDrawing> {
  const infos = new Map(metrics.map((info) => [info.name, info]));
  const subject = ({ model, dataset }: { model: string; dataset: string }) => JSON.stringify([model, dataset]);
  const subjects = distinct([...summaries, ...curves].map(subject));
  const attacks = distinct(['none', ...summaries.map(({ attack }) => attack)]);
  const severalCarried = distinct(transfers(summaries).map(({ attack }) => attack)).length > 1;
  const uniqueFolder = uniqueFileNames();
  for (const key of subjects) {
    const folder = subjects.length > 1 ? `${uniqueFolder((JSON.parse(key) as string[]).join('-'))}/` : '';
    const unique = uniqueFileNames();
    const path = (name: string) => `${folder}${unique(name)}`;

    const ranking = rankChart(ranks.filter((r) => subject(r) === key));
    if (ranking) yield { path: path('ranks'), drawing: ranking };

    const ownSummaries = summaries.filter((s) => subject(s) === key);
    for (const name of distinct(ownSummaries.map(({ metric }) => splitMetric(metric).name))) {
      const drawing = metricChart(
        ownSummaries.filter(({ metric }) => splitMetric(metric).name === name),
        infos.get(name),
        attacks,
      );
      if (drawing) yield { path: path(name), drawing };
    }

    for (const transfer of transfers(ownSummaries))
      yield {
        path: path(`transfer-${transfer.metric}${severalCarried ? `-${transfer.attack}` : ''}`),
        drawing: transferChart(transfer, metrics),
      };

    const ownCurves = curves.filter((c) => subject(c) === key);
    for (const group of groupBy(ownCurves, (c) => JSON.stringify([c.metric, curveAttack(c)]))) {
      const [{ metric }] = group;
      const attack = curveAttack(group[0]);
      const drawing = curveChart(
        group.map((curve) => ({ ...curve, attack })),
        infos.get(metric),
      );
      yield { path: path(`${metric}-curve${attack === 'none' ? '' : `-${attack}`}`), drawing };
    }
  }
}
