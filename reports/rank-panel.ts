import type { SKRSContext2D } from '@napi-rs/canvas';
import { alikeGroups } from './alike-groups.ts';
import { fitted, font, ink } from './canvas-text.ts';
import type { Rank } from './ranks.ts';

/** The width of a chart, its margin, the colour of what is said beside, and the height of a line. */
export const width = 480;
export const margin = 10;
export const grey = '#555555';
export const line = 18;
// Heights within a panel: from its top to the axis, and from the axis to the first bar.
const head = 80;
const firstBar = 9;
const barStep = 7;

interface Placed {
  readonly explainer: string;
  readonly rank: number;
}

/** What one panel shows: explainers by mean rank, and which of them are alike. */
export function panelOf(ranks: readonly Rank[]) {
  const [{ attack, n, criticalDifference, p }] = ranks;
  const placed = ranks
    .map(({ explainer, meanRank }): Placed => ({ explainer, rank: meanRank! }))
    .sort((a, b) => a.rank - b.rank);
  const groups = alikeGroups(
    placed.map(({ rank }) => rank),
    criticalDifference!,
    p!,
  );
  const labelTop = firstBar + groups.length * barStep + 12;
  const height = head + labelTop + Math.ceil(placed.length / 2) * line + 6;
  return {
    title: attack === 'none' ? 'clean images' : attack,
    n,
    difference: criticalDifference!,
    p: p!,
    placed,
    groups,
    labelTop,
    height,
  };
}

function stroke(context: SKRSContext2D, thickness: number, points: readonly (readonly [number, number])[]): void {
  context.lineWidth = thickness;
  context.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}

/** Writes a text. */
export function write(
  context: SKRSContext2D,
  text: string,
  x: number,
  y: number,
  align: 'left' | 'right' | 'center' = 'left',
): void {
  context.textAlign = align;
  context.fillText(text, x, y);
}

/** Draws one panel with its top at 0; names take `side` on each side of the axis. */
export function drawPanel(context: SKRSContext2D, panel: ReturnType<typeof panelOf>, side: number): void {
  const { title, n, difference, p, placed, groups, labelTop } = panel;
  const k = placed.length;
  const [left, right] = [margin + side, width - margin - side];
  const at = (rank: number) => left + ((rank - 1) / (k - 1)) * (right - left);
  context.strokeStyle = context.fillStyle = ink;
  context.font = font(14, 600);
  write(context, fitted(context, title, width - 2 * margin), margin, 14);
  context.font = font(13);
  context.fillStyle = grey;
  const chance = p < 0.001 ? 'p < 0.001' : `p = ${p.toPrecision(2)}`;
  write(context, `${n} metrics; Friedman ${chance}; critical difference ${difference.toFixed(2)}`, margin, 32);

  context.fillStyle = ink;
  stroke(context, 1, [
    [left, head],
    [right, head],
  ]);
  const every = Math.ceil(k / ((right - left) / 24));
  for (let rank = 1; rank <= k; rank += every) {
    stroke(context, 1, [
      [at(rank), head],
      [at(rank), head - 5],
    ]);
    write(context, String(rank), at(rank), head - 9, 'center');
  }
  if (difference <= k - 1) {
    const y = head - 30;
    const [from, to] = [at(1), at(1 + difference)];
    stroke(context, 1, [
      [from, y - 3],
      [from, y + 3],
    ]);
    stroke(context, 1, [
      [from, y],
      [to, y],
    ]);
    stroke(context, 1, [
      [to, y - 3],
      [to, y + 3],
    ]);
    write(context, 'CD', to + 6, y + 4.5);
  }
  groups.forEach(([first, last], i) => {
    const y = head + firstBar + i * barStep;
    stroke(context, 3.5, [
      [at(placed[first].rank) - 3, y],
      [at(placed[last].rank) + 3, y],
    ]);
  });
  const half = Math.ceil(k / 2);
  placed.forEach(({ explainer, rank }, i) => {
    const onLeft = i < half;
    const y = head + labelTop + (onLeft ? i : k - 1 - i) * line;
    const edge = onLeft ? left - 6 : right + 6;
    stroke(context, 1, [
      [at(rank), head],
      [at(rank), y],
      [edge, y],
    ]);
    const text = fitted(context, explainer, side - 8, ` ${rank.toFixed(1)}`);
    write(context, text, onLeft ? edge - 4 : edge + 4, y + 4.5, onLeft ? 'right' : 'left');
  });
}
