import type { ChartConfiguration, ChartDataset } from 'chart.js';
import { mostBands, overPixels } from '../../curve-look.ts';
import { withAlpha } from '../../palette.ts';
import type { MeanCurve } from '../../mean-curves.ts';
import type { ShownMetric } from '../data.ts';
import { h, redraw } from './dom.ts';
import { attackTitle, counted, formatNumber } from './format.ts';
import { lazyChart, tidyCharts } from './lazy-chart.ts';
import { legend } from './legend.ts';
import { distinct } from '../../distinct.ts';
import { curveAttack } from '../../transfer.ts';
import { metricOf, ofSubject, shownExplainers, type Report } from './report.ts';
import { theme } from './theme.ts';

type Point = { x: number; y: number };

function curvePlot(
  curves: readonly MeanCurve[],
  explainers: readonly string[],
  metric: ShownMetric,
): ChartConfiguration<'line'> {
  const { axes = overPixels } = metric;
  const { quiet, grid, series } = theme();
  const bands = curves.length <= mostBands;
  const datasets = curves.flatMap(({ explainer, x, mean, low, high }): ChartDataset<'line', Point[]>[] => {
    const { colour, dash } = series(explainers.indexOf(explainer));
    const line = (ys: readonly number[]) => ys.map((y, i) => ({ x: x[i], y }));
    const common = { label: explainer, pointRadius: 0, borderColor: colour };
    const curve = {
      ...common,
      data: line(mean),
      borderWidth: 1.8,
      borderDash: dash,
      pointHoverRadius: 3,
      pointHitRadius: 6,
    };
    const edge = { ...common, borderWidth: 0, backgroundColor: withAlpha(colour, 0.16), pointHitRadius: 0 };
    return bands && low.length > 0
      ? [curve, { ...edge, data: line(low) }, { ...edge, data: line(high), fill: '-1' }]
      : [curve];
  });
  const heights = curves.flatMap(({ mean, high }) => (bands ? [...mean, ...high] : mean));
  const ends = {
    min: Math.min(...heights) < 0 ? undefined : 0,
    max: metric.axes ? undefined : Math.min(1, Math.ceil(12 * Math.max(...heights)) / 10),
  };
  const axis = (text: string) =>
    ({
      type: 'linear',
      grid: { color: grid, drawTicks: false },
      border: { display: false },
      ticks: { color: quiet, maxTicksLimit: 6, maxRotation: 0, padding: 4 },
      title: { display: true, text, color: quiet, padding: 0 },
    }) as const;
  return {
    type: 'line',
    data: { datasets },
    options: {
      interaction: { mode: 'nearest', intersect: false },
      scales: { x: { ...axis(axes.x), max: 1 }, y: { ...axis(axes.y), ...ends } },
      plugins: {
        tooltip: {
          filter: ({ dataset }) => (dataset.borderWidth as number) > 0,
          callbacks: {
            title: ([item]) => (item ? `${axes.x}: ${formatNumber(item.parsed.x!)}` : ''),
            label: ({ dataset, parsed }) => `${dataset.label}: ${formatNumber(parsed.y!)}`,
          },
        },
      },
    },
  };
}

function whatIsShown(curves: readonly MeanCurve[]): string {
  const counts = curves.map(({ n }) => n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const pictures = least === most ? counted(most, 'picture') : `${least} to ${counted(most, 'picture')}`;
  if (most === 1) return pictures;
  const bands =
    curves.length <= mostBands ? 'mean and 95 % interval (BCa bootstrap)' : 'mean; hide explainers to see bands';
  return `${bands}, ${pictures}`;
}

/** The curve behind every metric that has one, a chart an attack. */
export function drawCurves(parent: HTMLElement, report: Report): void {
  const { state, explainers, metrics } = report;
  state.watch(['subject', 'hide'], () => {
    const curves = ofSubject(report, report.curves);
    const figures = metrics.flatMap(({ name }) =>
      distinct(curves.map(curveAttack)).flatMap((attack) => {
        const own = curves.filter((c) => c.metric === name && curveAttack(c) === attack);
        if (own.length === 0) return [];
        const metric = metricOf(report, name);
        const title = `${metric.title}: ${attackTitle(attack)}`;
        const words = `${title}, ${own.map(({ explainer, mean }) => `${explainer} from ${formatNumber(mean[0])} to ${formatNumber(mean.at(-1)!)}`).join('; ')}. The areas are in the ranking table.`;
        return [lazyChart(title, whatIsShown(own), words, 240, () => curvePlot(own, explainers, metric))];
      }),
    );
    if (figures.length === 0) return redraw(parent, h('p', { class: 'quiet' }, 'No metric of this run has a curve.'));
    redraw(
      parent,
      legend(shownExplainers(report).map((label) => ({ label, style: explainers.indexOf(label), look: 'line' }))),
      h('div', { class: 'charts' }, ...figures),
    );
    tidyCharts();
  });
}
