import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
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
import type { Drawing } from './drawing.ts';
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

type Configuration = ChartConfiguration<'scatter' | 'line'>;

const whiteBackground: Plugin = {
  id: 'white-background',
  beforeDraw({ ctx, width, height }) {
    ctx.fillStyle = '#ffffff';
    ctx.fillRect(0, 0, width, height);
  },
};

/** Paints a chart on any context, whatever it draws to, and says how high its plotting area is. */
function paintChart(context: SKRSContext2D, config: Configuration, height: number): number {
  // Chart.js wants a canvas of the size; it wipes a canvas when it lets go of it, hence one of no size then.
  const canvas = { width, height, style: {}, getContext: () => context };
  Object.defineProperty(context, 'canvas', { value: canvas, configurable: true });
  const chart = new Chart(canvas as never, {
    ...config,
    options: { ...config.options, devicePixelRatio: context.getTransform().a },
    plugins: [whiteBackground, ...(config.plugins ?? [])],
  });
  const plot = chart.chartArea.height;
  canvas.width = canvas.height = 0;
  chart.destroy();
  return plot;
}

/** A chart whose plotting area is `plotHeight` high, whatever title, axes and legend need around it. */
export function drawChart(title: string, config: Configuration, plotHeight: number): Drawing {
  const roomy = plotHeight + 200;
  const plot = paintChart(createCanvas(1, 1).getContext('2d'), config, roomy);
  const height = Math.round(plotHeight + roomy - plot);
  return { title, width, height, paint: (context) => void paintChart(context, config, height) };
}
