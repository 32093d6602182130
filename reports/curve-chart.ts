import type { ChartDataset, LegendItem } from 'chart.js';
import { mean, standardError } from '../src/statistics/describe.ts';
import { axisEnds } from './axis-ends.ts';
import type { Drawing } from './drawing.ts';
import { chartOptions, drawChart, gridLines, text } from './draw-chart.ts';
import { sampleCount } from './metric-chart.ts';
import type { MetricInfo } from './metric-info.ts';
import { seriesStyle, withAlpha } from './palette.ts';
import { shorten } from './wrap.ts';

/** The curves behind a metric's scores, one a sample, for one explainer and attack. */
export interface CurveSet {
  readonly model: string;
  readonly dataset: string;
  readonly explainer: string;
  /** `none` for the clean picture. */
  readonly attack: string;
  readonly metric: string;
  /** Fractions, of pixels unless the metric says otherwise, in [0,1]. */
  readonly x: readonly number[];
  /** `[sample][x]`, all as long as `x`. */
  readonly ys: readonly (readonly number[])[];
}

const overPixels = { x: 'fraction of pixels changed', y: 'probability of the explained class' };

// More bands than this hide each other.
const mostBands = 6;

function legendItem(explainer: string, i: number): LegendItem {
  const { colour, dash } = seriesStyle(i);
  return {
    text: shorten(explainer, 48),
    fontColor: text.color,
    pointStyle: 'line',
    strokeStyle: colour,
    lineWidth: 1.8,
    lineDash: dash,
  };
}

/** The mean curve of each explainer with a band of ±1.96 standard errors, for one metric, model, dataset and attack. */
export function curveChart(sets: readonly CurveSet[], info?: MetricInfo): Drawing {
  const [{ model, dataset, metric, attack }] = sets;
  const bands = sets.length <= mostBands && sets.some(({ ys }) => ys.length > 1);
  const datasets = sets.flatMap(({ x, ys }, i): ChartDataset<'line', { x: number; y: number }[]>[] => {
    const { colour, dash } = seriesStyle(i);
    const columns = x.map((_, j) => ys.map((y) => y[j]));
    const line = (shift: number) =>
      columns.map((column, j) => ({ x: x[j], y: mean(column)! + shift * 1.96 * (standardError(column) ?? 0) }));
    const edge = { borderWidth: 0, pointRadius: 0, backgroundColor: withAlpha(colour, 0.16) };
    const curve = {
      data: line(0),
      borderColor: colour,
      borderWidth: 1.8,
      pointRadius: 0,
      borderDash: dash,
    };
    return bands ? [curve, { ...edge, data: line(-1) }, { ...edge, data: line(1), fill: '-1' }] : [curve];
  });
  const title = `${info?.title ?? metric}: ${attack === 'none' ? 'clean images' : attack}`;
  const options = chartOptions(title, [
    `${model} on ${dataset}`,
    `${bands ? 'mean ± 1.96 standard errors' : 'mean'}, ${sampleCount(sets.map(({ ys }) => ({ n: ys.length, undefined: 0 })))}`,
  ]);
  const heights = datasets.flatMap(({ data }) => data.map(({ y }) => y));
  const [highest, lowest] = [Math.max(...heights), Math.min(...heights)];
  const [, top] = axisEnds([{ low: 0, high: 2 * highest }], [0, 1]);
  const titles = info?.axes ?? overPixels;
  const bottom = info && info.range[0] < 0 ? Math.floor(5 * Math.min(0, lowest)) / 5 : 0;
  const axis = (title: string, suggestedMax: number, min = 0) =>
    ({
      type: 'linear',
      min,
      suggestedMax,
      ...gridLines,
      ticks: { ...text, padding: 5, maxRotation: 0, maxTicksLimit: 6 },
      title: { ...text, display: true, text: title, padding: 0 },
    }) as const;
  return drawChart(
    title,
    {
      type: 'line',
      data: { datasets },
      options: {
        ...options,
        scales: { x: axis(titles.x, 1), y: axis(titles.y, top, bottom) },
        plugins: {
          ...options.plugins,
          legend: {
            ...options.plugins.legend,
            labels: {
              ...options.plugins.legend.labels,
              pointStyleWidth: 28,
              generateLabels: () => sets.map(({ explainer }, i) => legendItem(explainer, i)),
            },
          },
        },
      },
    },
    260,
  );
}
