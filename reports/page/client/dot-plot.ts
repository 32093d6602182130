import type { ChartConfiguration, ChartDataset } from 'chart.js';
import { whiskers, type WhiskerPoint } from '../../whiskers.ts';
import { shorten } from '../../wrap.ts';
import { formatNumber } from './format.ts';
import { theme } from './theme.ts';

/** A value with its whisker, on the row it belongs to. */
export interface Dot {
  readonly row: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface DotSeries {
  readonly label: string;
  /** Of the palette. */
  readonly style: number;
  readonly dots: readonly Dot[];
}

/** The height that a plot of dots needs, in CSS pixels. */
export const dotPlotHeight = (rows: number, series: number): number => 34 + rows * Math.max(22, 10 + 9 * series);

/** Rows with a dot and a whisker for each series; `step` is that of the ticks. */
export function dotPlot(
  rows: readonly string[],
  series: readonly DotSeries[],
  step?: number,
): ChartConfiguration<'scatter'> {
  const { ink, quiet, grid, series: style } = theme();
  const shift = (i: number) => ((i + 0.5) / series.length - 0.5) * Math.min(0.72, 0.24 * series.length);
  const datasets = series.map(({ label, style: number, dots }, i): ChartDataset<'scatter', WhiskerPoint[]> => {
    const { colour, marker } = style(number);
    return {
      label,
      data: dots.map(({ row, value, low, high }) => ({ x: value, y: row + shift(i), low, high })),
      borderColor: colour,
      backgroundColor: colour,
      pointStyle: marker,
      pointRadius: 4,
      pointHoverRadius: 6,
      borderWidth: marker === 'crossRot' || marker === 'star' ? 1.8 : 1,
    };
  });
  const dots = series.flatMap((s) => s.dots);
  const font = { size: 12 };
  return {
    type: 'scatter',
    data: { datasets },
    plugins: [whiskers],
    options: {
      layout: { padding: { right: 10 } },
      scales: {
        x: {
          suggestedMin: Math.min(...dots.map(({ low }) => low)),
          suggestedMax: Math.max(...dots.map(({ high }) => high)),
          grid: { color: grid, drawTicks: false },
          border: { display: false },
          ticks: { color: quiet, font, stepSize: step, maxTicksLimit: step ? 20 : 6, maxRotation: 0, padding: 4 },
        },
        y: {
          min: -0.5,
          max: rows.length - 0.5,
          reverse: true,
          grid: { display: false },
          border: { display: false },
          afterBuildTicks(axis) {
            axis.ticks = rows.map((_, value) => ({ value }));
          },
          ticks: { color: ink, font, autoSkip: false, callback: (value) => shorten(rows[Number(value)], 24) },
        },
      },
      plugins: {
        tooltip: {
          callbacks: {
            label({ dataset, raw }) {
              const { x, y, low, high } = raw as WhiskerPoint;
              return `${rows[Math.round(y)]}, ${dataset.label}: ${formatNumber(x)} (${formatNumber(low)} to ${formatNumber(high)})`;
            },
          },
        },
      },
    },
  };
}
