import type { ChartConfiguration, ChartDataset, Plugin } from 'chart.js';
import type { Estimate } from './axis-ends.ts';
import type { Drawing } from './drawing.ts';
import { chartOptions, drawChart, text } from './draw-chart.ts';
import { seriesStyle } from './palette.ts';
import { gap, valueAxis } from './value-axis.ts';
import { wrap } from './wrap.ts';
import { whiskers } from './whiskers.ts';
import type { WhiskerPoint } from './whiskers.ts';

/** One panel: its own value axis over the rows all panels share. */
export interface Panel {
  readonly axis: readonly string[];
  readonly range: readonly [number, number];
  /** `[series][row]`; undefined where there is nothing to draw. */
  readonly estimates: readonly (readonly (Estimate | undefined)[])[];
}

/** What dots of one look stand for; the style is a number, the same for the same attack in all charts. */
export interface Series {
  readonly label: string;
  readonly style: number;
}

export interface DotChart {
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly rows: readonly string[];
  readonly series: readonly Series[];
  readonly panels: readonly Panel[];
  /** Upright lines in the first panel, to compare the dots with. */
  readonly lines?: readonly Line[];
}

export interface Line {
  readonly label: string;
  readonly value: number;
  readonly dash: readonly number[];
}

const stripes: Plugin = {
  id: 'stripes',
  beforeDraw(chart) {
    const { y, ...xs } = chart.scales;
    chart.ctx.fillStyle = '#f3f3f3';
    for (const x of Object.values(xs).filter(({ id }) => id.startsWith('x')))
      for (let row = 0; row < y.max; row += 2) {
        const [top, bottom] = [row - 0.5, row + 0.5].map((v) => y.getPixelForValue(v));
        chart.ctx.fillRect(x.left, top, x.width, bottom - top);
      }
  },
};

/** Dots with whiskers: a row a category, a colour and marker a series, panels side by side. */
export function dotChart({ title, subtitle, rows, series, panels, lines = [] }: DotChart): Drawing {
  const dots = panels.flatMap(({ estimates }, p) =>
    series.map(({ label, style }, s): ChartDataset<'scatter', WhiskerPoint[]> => {
      const { colour, marker } = seriesStyle(style);
      const offset = ((s - (series.length - 1) / 2) * 0.75) / series.length;
      const data = estimates[s].flatMap((e, row) =>
        e ? [{ x: e.value, y: row + offset, low: e.low, high: e.high }] : [],
      );
      return {
        label,
        data,
        xAxisID: `x${p}`,
        // A marker at the end of an axis is drawn whole.
        clip: false,
        pointStyle: marker,
        pointRadius: 4,
        borderWidth: 1.3,
        borderColor: colour,
        backgroundColor: colour,
      };
    }),
  );
  const upright = lines.map(({ label, value, dash }): ChartDataset<'scatter', WhiskerPoint[]> => ({
    label,
    data: [-0.5, rows.length - 0.5].map((y) => ({ x: value, y, low: value, high: value })),
    xAxisID: 'x0',
    showLine: true,
    pointStyle: 'line',
    pointRadius: 0,
    borderWidth: 1.3,
    borderDash: [...dash],
    borderColor: '#555555',
  }));
  const axisOf = ({ axis, range, estimates }: Panel, p: number) => {
    const beside = p === 0 ? lines.map(({ value }) => ({ low: value, high: value })) : [];
    return valueAxis(axis, [...estimates.flat().filter((e) => e !== undefined), ...beside], range, panels.length > 1);
  };
  const labels = rows.map((row) => wrap(row, 24));
  const options = chartOptions(title, subtitle);
  const config: ChartConfiguration<'scatter', WhiskerPoint[]> = {
    type: 'scatter',
    data: { datasets: [...dots, ...upright] },
    plugins: [stripes, whiskers],
    options: {
      ...options,
      scales: {
        y: {
          min: -0.5,
          max: rows.length - 0.5,
          reverse: true,
          grid: { display: false },
          border: { display: false },
          afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
            scale.ticks = rows.map((_, value) => ({ value }));
          },
          ticks: { ...text, autoSkip: false, callback: (row: number) => labels[row] },
        } as object,
        ...Object.fromEntries(
          panels.flatMap((panel, p) => [...(p > 0 ? [[`gap${p}`, gap]] : []), [`x${p}`, axisOf(panel, p)]]),
        ),
      },
      plugins: {
        ...options.plugins,
        legend: {
          ...options.plugins.legend,
          labels: {
            ...options.plugins.legend.labels,
            filter: ({ datasetIndex }) => datasetIndex! < series.length || datasetIndex! >= dots.length,
          },
        },
      },
    },
  };
  const most = Math.max(...labels.map(({ length }) => length));
  const rowHeight = Math.max(16 * most + 6, 11 * series.length + 6);
  return drawChart(title, config as ChartConfiguration<'scatter'>, rowHeight * rows.length);
}
