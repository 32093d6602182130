import type { ChartDataset, LegendItem } from 'chart.js';
import { axisEnds } from './axis-ends.ts';
import { mostBands, overPixels } from './curve-look.ts';
import type { Drawing } from './drawing.ts';
import { chartOptions, drawChart, gridLines, text } from './draw-chart.ts';
import type { MeanCurve } from './mean-curves.ts';
import { sampleCount } from './metric-chart.ts';
import type { MetricInfo } from './metric-info.ts';
import { seriesStyle, withAlpha } from './palette.ts';
import { shorten } from './wrap.ts';

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

/** The mean curve of each explainer with the 95 % interval of the mean, for one metric, model, dataset and attack. */
export function curveChart(curves: readonly MeanCurve[], info?: MetricInfo): Drawing {
  const [{ model, dataset, metric, attack }] = curves;
  const bands = curves.length <= mostBands && curves.some(({ n }) => n > 1);
  const datasets = curves.flatMap(({ x, mean, low, high }, i): ChartDataset<'line', { x: number; y: number }[]>[] => {
    const { colour, dash } = seriesStyle(i);
    const line = (ys: readonly number[]) => ys.map((y, j) => ({ x: x[j], y }));
    const edge = { borderWidth: 0, pointRadius: 0, backgroundColor: withAlpha(colour, 0.16) };
    const curve = {
      data: line(mean),
      borderColor: colour,
      borderWidth: 1.8,
      pointRadius: 0,
      borderDash: dash,
    };
    return bands ? [curve, { ...edge, data: line(low) }, { ...edge, data: line(high), fill: '-1' }] : [curve];
  });
  const title = `${info?.title ?? metric}: ${attack === 'none' ? 'clean images' : attack}`;
  const options = chartOptions(title, [
    `${model} on ${dataset}`,
    `${bands ? 'mean, 95 % interval (BCa bootstrap)' : 'mean'}, ${sampleCount(curves.map(({ n }) => ({ n, undefined: 0 })))}`,
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
              generateLabels: () => curves.map(({ explainer }, i) => legendItem(explainer, i)),
            },
          },
        },
      },
    },
    260,
  );
}
