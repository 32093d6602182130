import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { fitted, font, ink } from './canvas-text.ts';
import { cssColour, diverging, textOn } from './colormap.ts';
import type { Drawing } from './drawing.ts';
import { intervalNames, sampleCount } from './metric-chart.ts';
import { comparisonOf, directionOf, infoOf, splitMetric, topOf, type MetricInfo } from './metric-info.ts';
import type { Summary } from './summary.ts';
import { moved, type Transfer } from './transfer.ts';
import { shorten } from './wrap.ts';

const margin = 10;
const grey = '#555555';
const leastWidth = 480;
const cellWidths = [57, 84] as const;
const rowHeight = 34;
const longest = 24;
// Names over columns rise at this angle.
const slope = Math.PI / 4;
const subtitleTop = 43;
const line = 18;

/** Two digits after the point and no zero before it: `.53`, `−.12`, `1.00`. */
const short = (v: number): string =>
  v
    .toFixed(2)
    .replace(/^-(?=0.00)/, '')
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');

const widest = (names: readonly string[]): number => {
  const context = createCanvas(1, 1).getContext('2d');
  context.font = font(13);
  return Math.max(...names.map((name) => context.measureText(shorten(name, longest)).width));
};

/** Paints one cell whose corner is at 0. */
function paintCell(context: SKRSContext2D, { mean, low, high }: Summary, strength: number, width: number): void {
  const colour = diverging(strength);
  context.fillStyle = cssColour(colour);
  context.fillRect(0.5, 0.5, width - 1, rowHeight - 1);
  context.fillStyle = textOn(colour);
  context.font = font(13);
  context.fillText(short(mean!), width / 2, low === null ? 21 : 15);
  if (low === null || high === null) return;
  context.font = font(9.5);
  context.fillText(`${short(low)} to ${short(high)}`, width / 2, 28);
}

/** A matrix of colours and numbers: a row an attacked explainer, a column a scored one, the attacked explainer's own cell framed. */
export function transferChart(transfer: Transfer<Summary>, metrics: readonly MetricInfo[]): Drawing {
  const { attack, metric, attacked, scored, cells } = transfer;
  const shown = cells.flat().filter((cell) => cell !== undefined);
  const [{ model, dataset }] = shown;
  const info = infoOf(metric, metrics);
  const redder = splitMetric(metric).comparison === 'before-after' ? 'less like before' : 'nearer the target';
  const scale = { better: directionOf(metric, metrics), top: topOf(metric, metrics) };
  const title = `${info?.title ?? splitMetric(metric).name}: ${comparisonOf(metric)!.words}`;
  const subtitle = [
    `${attack}, ${model} on ${dataset}`,
    `${intervalNames(shown)}, ${sampleCount(shown)}`,
    `redder = ${redder}; framed = the attacked explainer`,
  ];
  const side = widest([...attacked, 'found on']) + 10;
  const rise = widest(scored) * Math.sin(slope) + 10;
  const room = leastWidth - 2 * margin - side - rise;
  const cellWidth = Math.min(cellWidths[1], Math.max(cellWidths[0], room / scored.length));
  const [left, top] = [margin + side, subtitleTop + subtitle.length * line + rise + 8];
  const width = Math.max(leastWidth, Math.ceil(left + scored.length * cellWidth + rise + margin));
  const height = Math.ceil(top + attacked.length * rowHeight + margin);

  const paint: Drawing['paint'] = (context) => {
    context.fillStyle = ink;
    context.font = font(17, 600);
    context.fillText(fitted(context, title, width - 2 * margin), margin, 24);
    context.fillStyle = grey;
    context.font = font(14);
    subtitle.forEach((text, i) =>
      context.fillText(fitted(context, text, width - 2 * margin), margin, subtitleTop + i * line),
    );
    context.font = font(13);
    context.fillText('found on', margin, top - 8);
    context.fillText('scored on', margin + side - 4, top - rise);
    context.fillStyle = ink;
    scored.forEach((name, c) => {
      context.save();
      context.translate(left + (c + 0.5) * cellWidth, top - 6);
      context.rotate(-slope);
      context.fillText(shorten(name, longest), 0, 4);
      context.restore();
    });
    attacked.forEach((name, r) => {
      const y = top + r * rowHeight;
      context.fillStyle = ink;
      context.font = font(13);
      context.textAlign = 'right';
      context.fillText(shorten(name, longest), left - 8, y + rowHeight / 2 + 4.5);
      context.textAlign = 'center';
      scored.forEach((to, c) => {
        const cell = cells[r][c];
        context.save();
        context.translate(left + c * cellWidth, y);
        if (cell) paintCell(context, cell, moved(cell.mean!, transfer, scale), cellWidth);
        context.strokeStyle = ink;
        context.lineWidth = 1.5;
        if (to === name) context.strokeRect(0.5, 0.5, cellWidth - 1, rowHeight - 1);
        context.restore();
      });
    });
  };
  return { title: `${title}, ${attack}`, width, height, paint };
}
