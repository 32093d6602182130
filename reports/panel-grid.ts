import { blankCanvas } from './blank-canvas.ts';
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import { fitted, font, ink, pixelRatio } from './canvas-text.ts';
import { cssColour } from './colormap.ts';
import type { MapScale } from './map-scale.ts';

/** One picture of a figure with what is written around it. */
export interface Cell {
  readonly title: string;
  readonly raster: Canvas;
  /** Below the picture; the text is cut where the two do not fit. */
  readonly caption?: { readonly text: string; readonly suffix: string };
  /** Draws a colour bar below the picture. */
  readonly scale?: MapScale;
}

/** Pictures in a row; its name is written upwards along the left side, line by line. */
export interface GridRow {
  readonly name?: readonly string[];
  readonly cells: readonly (Cell | undefined)[];
}

const margin = 10;
const gap = 14;
const lineHeight = 18;
const barHeight = 10;
// Room for the words under a colour bar, however narrow the picture.
const leastCellWidth = 160;

/** A number for a colour bar: three digits, a true minus sign. */
export function barNumber(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const plain = rounded === 0 || (Math.abs(rounded) >= 1e-3 && Math.abs(rounded) < 1e5);
  return (plain ? String(rounded) : rounded.toExponential()).replace(/-/g, '−').replace('+', '');
}

/** A colour bar with what its ends are, 10 high and 24 of text below. */
export function drawBar(context: SKRSContext2D, scale: MapScale, x: number, y: number, width: number): void {
  for (let i = 0; i < width * pixelRatio; i++) {
    const t = i / (width * pixelRatio - 1);
    context.fillStyle = cssColour(scale.colormap(scale.signed ? 2 * t - 1 : t));
    context.fillRect(x + i / pixelRatio, y, 1 / pixelRatio, barHeight);
  }
  context.strokeStyle = '#888888';
  context.lineWidth = 0.5;
  context.strokeRect(x, y, width, barHeight);
  context.fillStyle = ink;
  context.font = font(12);
  const below = y + barHeight + 13;
  const ends = scale.signed ? [-scale.limit, 0, scale.limit] : [0, scale.limit];
  ends.forEach((value, i) => {
    const at = i / (ends.length - 1);
    context.textAlign = at === 0 ? 'left' : at === 1 ? 'right' : 'center';
    context.fillText(barNumber(value), x + at * width, below);
  });
  context.textAlign = 'center';
  context.fillText(
    fitted(context, `${scale.signed ? '±' : ''}${scale.note}`, width + gap - 2),
    x + width / 2,
    below + 14,
  );
}

/** Size at which a picture is shown: whole-number enlargement to at least 160 in its longer side, reduction to at most 256. */
export function shownSize(width: number, height: number): [number, number] {
  const longer = Math.max(width, height);
  const factor = longer <= 256 ? Math.ceil(leastCellWidth / longer) : 256 / longer;
  return [Math.round(width * factor), Math.round(height * factor)];
}

/** Draws rows of pictures of one size `[width, height]` to a PNG at twice the resolution. */
export function panelGrid(title: string, rows: readonly GridRow[], [width, height]: [number, number]): Buffer {
  const cellWidth = Math.max(width, leastCellWidth);
  // A column that no row fills takes no room.
  const columns = Math.max(...rows.map(({ cells }) => cells.findLastIndex((cell) => cell !== undefined) + 1));
  const nameLines = Math.max(...rows.map(({ name }) => name?.length ?? 0));
  const nameWidth = nameLines > 0 ? nameLines * lineHeight + 6 : 0;
  const captionHeight = rows.some(({ cells }) => cells.some((cell) => cell?.caption)) ? lineHeight : 0;
  const scaleHeight = rows.some(({ cells }) => cells.some((cell) => cell?.scale)) ? 7 + barHeight + 30 : 0;
  const rowHeight = lineHeight + 4 + height + Math.max(captionHeight, scaleHeight);
  const titleHeight = title ? 28 : 0;
  const fullWidth = 2 * margin + nameWidth + columns * cellWidth + (columns - 1) * gap;
  const fullHeight = 2 * margin + titleHeight + rows.length * rowHeight + (rows.length - 1) * gap;
  const { canvas, context } = blankCanvas(fullWidth, fullHeight);

  context.fillStyle = ink;
  context.font = font(17, 600);
  context.fillText(fitted(context, title, fullWidth - 2 * margin), margin, margin + 15);
  rows.forEach(({ name, cells }, r) => {
    const top = margin + titleHeight + r * (rowHeight + gap);
    const pictureTop = top + lineHeight + 4;
    name?.forEach((line, i) => {
      context.save();
      context.translate(margin + 13 + i * lineHeight, pictureTop + height / 2);
      context.rotate(-Math.PI / 2);
      context.textAlign = 'center';
      context.fillStyle = ink;
      context.font = font(14, i === 0 ? 600 : 400);
      context.fillText(fitted(context, line, height + lineHeight), 0, 0);
      context.restore();
    });
    cells.forEach((cell, c) => {
      if (!cell) return;
      const left = margin + nameWidth + c * (cellWidth + gap);
      const middle = left + cellWidth / 2;
      context.textAlign = 'center';
      context.fillStyle = ink;
      context.font = font(14);
      context.fillText(fitted(context, cell.title, cellWidth + gap - 4), middle, top + 14);
      context.imageSmoothingEnabled = cell.raster.width > width * pixelRatio;
      context.drawImage(cell.raster, middle - width / 2, pictureTop, width, height);
      context.font = font(13);
      if (cell.caption) {
        const { text, suffix } = cell.caption;
        context.fillText(fitted(context, text, cellWidth + gap - 4, suffix), middle, pictureTop + height + 15);
      }
      if (cell.scale) drawBar(context, cell.scale, left, pictureTop + height + 7, cellWidth);
    });
  });
  return canvas.toBuffer('image/png');
}
