import { createCanvas } from '@napi-rs/canvas';
import {
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  SubTitle,
  Title,
} from 'chart.js';
import type { ChartConfiguration, ChartOptions, Plugin } from 'chart.js';
import { fontFamily } from './font.ts';

Chart.register(
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  SubTitle,
  Title,
);

// As wide as a column of a two-column paper at a print size of 7 points for ordinary text.
const width = 480;
/** Colour and font of text; each part of a chart names them, for Chart.js does not hand a chart's font down to its parts. */
export const text = { color: '#222222', font: { family: fontFamily, size: 14 } } as const;
/** Grid lines without ticks or a frame. */
export const gridLines = { grid: { color: '#dddddd', drawTicks: false }, border: { display: false } } as const;

/** Options all charts share: title, subtitle lines, legend below, and no animation. */
export const chartOptions = (title: string, subtitle: readonly string[]) =>
  ({
    animation: false,
    responsive: false,
    devicePixelRatio: 2,
    locale: 'en-US',
    layout: { padding: { top: 6, right: 14, bottom: 6, left: 6 } },
    plugins: {
      title: {
        display: true,
        text: title,
        align: 'start',
        color: text.color,
        font: { family: fontFamily, size: 17, weight: 600 },
        padding: { bottom: 1 },
      },
      subtitle: {
        ...text,
        display: true,
        text: [...subtitle],
        align: 'start',
        color: '#555555',
        padding: { bottom: 8 },
      },
      legend: { position: 'bottom', labels: { ...text, usePointStyle: true, boxHeight: 7 } },
    },
  }) as const satisfies ChartOptions;

const whiteBackground: Plugin = {
  id: 'white-background',
  beforeDraw({ ctx, width, height }) {
    ctx.fillStyle = '#ffffff';
    ctx.fillRect(0, 0, width, height);
  },
};

function draw(config: ChartConfiguration<'scatter' | 'line'>, height: number) {
  const canvas = createCanvas(width, height);
  const chart = new Chart(canvas as never, { ...config, plugins: [whiteBackground, ...(config.plugins ?? [])] });
  const plot = chart.chartArea.height;
  const png = () => canvas.toBuffer('image/png');
  return { chart, plot, png };
}

/** Draws a chart to a PNG whose plotting area is `plotHeight` high, whatever title, axes and legend need around it. */
export function drawChart(config: ChartConfiguration<'scatter' | 'line'>, plotHeight: number): Buffer {
  const trial = draw(config, plotHeight + 200);
  const final = draw(config, plotHeight + (plotHeight + 200 - trial.plot));
  trial.chart.destroy();
  const png = final.png();
  final.chart.destroy();
  return png;
}
