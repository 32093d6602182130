import type { Plugin } from 'chart.js';

/** A point of a dot-and-whisker chart; the whisker goes from `low` to `high`. */
export interface WhiskerPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** Chart.js plugin: horizontal error bars with caps, cut off at the edges of the panel, under the dots of a data set. */
export const whiskers: Plugin = {
  id: 'whiskers',
  beforeDatasetDraw(chart, { index, meta }) {
    const { ctx } = chart;
    const { xScale, yScale } = meta;
    const dataset = chart.data.datasets[index];
    ctx.save();
    ctx.beginPath();
    ctx.rect(xScale!.left, yScale!.top, xScale!.width, yScale!.height);
    ctx.clip();
    ctx.beginPath();
    for (const { y, low, high } of dataset.data as unknown as WhiskerPoint[]) {
      const row = yScale!.getPixelForValue(y);
      const ends = [low, high].map((v) => xScale!.getPixelForValue(v));
      ctx.moveTo(ends[0], row);
      ctx.lineTo(ends[1], row);
      for (const end of ends) {
        ctx.moveTo(end, row - 3);
        ctx.lineTo(end, row + 3);
      }
    }
    ctx.strokeStyle = dataset.borderColor as string;
    ctx.lineWidth = 1.3;
    ctx.stroke();
    ctx.restore();
  },
};
