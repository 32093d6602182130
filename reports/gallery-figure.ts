import { blankCanvas } from './blank-canvas.ts';
import type { Canvas } from '@napi-rs/canvas';
import { fitted, font, ink, pixelRatio } from './canvas-text.ts';
import { diverging } from './colormap.ts';
import type { HeatmapFigure } from './heatmap-figure.ts';
import { mapScale } from './map-scale.ts';
import { drawBar } from './panel-grid.ts';
import { mapRaster, pictureRaster } from './raster.ts';

const margin = 10;
const gap = 8;
const side = 128;
const lineHeight = 18;
const mostColumns = 10;
// Room for the words under it.
const leastBarWidth = 280;

/**
 * Clean maps of several samples side by side: a row a sample, a column an explainer, in blocks that start with the pictures. Every map
 * has the diverging colours, zero in the middle, and its own scale, so that one colour bar says what they mean.
 */
export function galleryFigure(figures: readonly HeatmapFigure[]): Buffer {
  const names = figures[0].entries.map(({ explainer }) => explainer);
  const blocks = Math.ceil(names.length / mostColumns);
  const columns = Math.ceil(names.length / blocks);
  const rowHeight = side + gap;
  const blockHeight = lineHeight + figures.length * rowHeight + lineHeight;
  const width = 2 * margin + (columns + 1) * side + columns * gap;
  const height = 2 * margin + blocks * blockHeight + 40;
  const { canvas, context } = blankCanvas(width, height);
  context.textAlign = 'center';

  const write = (text: string, column: number, y: number) => {
    context.fillStyle = ink;
    context.font = font(12);
    context.fillText(fitted(context, text, side + gap - 2), leftOf(column) + side / 2, y);
  };
  const leftOf = (column: number) => margin + column * (side + gap);
  const draw = (raster: Canvas, column: number, y: number) => {
    const factor = side / Math.max(raster.width, raster.height);
    const [w, h] = [raster.width * factor, raster.height * factor];
    context.imageSmoothingEnabled = !Number.isInteger(factor * pixelRatio);
    context.drawImage(raster, leftOf(column) + (side - w) / 2, y + (side - h) / 2, w, h);
  };

  for (let block = 0; block < blocks; block++) {
    const top = margin + block * blockHeight + lineHeight;
    const shown = names.slice(block * columns, (block + 1) * columns);
    write('image', 0, top - 5);
    shown.forEach((name, c) => write(name, c + 1, top - 5));
    figures.forEach(({ image, entries }, r) => {
      const y = top + r * rowHeight;
      draw(pictureRaster(image), 0, y);
      shown.forEach((name, c) => {
        const map = entries.find(({ explainer }) => explainer === name)?.map;
        if (map) draw(mapRaster(map, { ...mapScale([map]), colormap: diverging }), c + 1, y);
      });
    });
  }
  const scale = { limit: 1, signed: true, colormap: diverging, note: '99.5th percentile of |value| of each map' };
  const barWidth = Math.min(Math.max(width / 2 - 2 * margin, leastBarWidth), width - 2 * margin);
  drawBar(context, scale, (width - barWidth) / 2, height - margin - 40, barWidth);
  return canvas.toBuffer('image/png');
}
