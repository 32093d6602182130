import type { SKRSContext2D } from '@napi-rs/canvas';
import { fitted, font, ink } from './canvas-text.ts';
import type { Drawing } from './drawing.ts';
import { groupBy } from './group-by.ts';
import type { Rank } from './ranks.ts';

const width = 480;
const margin = 10;
const grey = '#555555';
const line = 18;
// Heights within a panel: from its top to the axis, and from the axis to the first bar.
const head = 80;
const firstBar = 9;
const barStep = 7;

interface Placed {
  readonly explainer: string;
  readonly rank: number;
}

/**
 * The largest groups of neighbours in a list of ascending mean ranks whose ends are less than the critical difference apart, as first and last
 * index; groups of one are left out. Where Friedman's test finds no difference (`p` >= 0.05) there is one group of all.
 */
export function alikeGroups(ranks: readonly number[], difference: number, p: number): [number, number][] {
  if (p >= 0.05) return [[0, ranks.length - 1]];
  const groups: [number, number][] = [];
  for (let first = 0; first < ranks.length; first++) {
    const last = ranks.findLastIndex((rank) => rank - ranks[first] < difference);
    if (last > first && last > (groups.at(-1)?.[1] ?? -1)) groups.push([first, last]);
  }
  return groups;
}

function panelOf(ranks: readonly Rank[]) {
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

function write(
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
function drawPanel(context: SKRSContext2D, panel: ReturnType<typeof panelOf>, side: number): void {
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

/**
 * Critical-difference diagram (Demšar 2006) of one model and dataset: the explainers' mean ranks over metrics, a panel for clean pictures and one
 * for each attack. Undefined where no panel has two metrics.
 */
export function rankChart(ranks: readonly Rank[]): Drawing | undefined {
  const panels = groupBy(
    ranks.filter(({ over, n }) => over === 'metrics' && n > 1),
    ({ attack }) => attack,
  ).map(panelOf);
  if (panels.length === 0) return undefined;
  const [{ model, dataset }] = ranks;
  const top = 88;
  const height = top + panels.reduce((sum, panel) => sum + panel.height + 10, 0);
  const title = 'Mean ranks over metrics';
  const names = panels.flatMap(({ placed }) => placed.map(({ explainer }) => `${explainer} 10.0`));
  const paint: Drawing['paint'] = (context) => {
    context.fillStyle = ink;
    context.font = font(17, 600);
    write(context, title, margin, 24);
    context.fillStyle = grey;
    context.font = font(14);
    [`${model} on ${dataset}`, '1 = best; a bar joins what is not shown to differ (Nemenyi, 5 %)'].forEach((text, i) =>
      write(context, fitted(context, text, width - 2 * margin), margin, 43 + i * line),
    );
    context.font = font(13);
    const side = Math.min(160, Math.max(...names.map((name) => context.measureText(name).width)) + 12);
    context.save();
    context.translate(0, top - 8);
    for (const panel of panels) {
      drawPanel(context, panel, side);
      context.translate(0, panel.height + 10);
    }
    context.restore();
  };
  return { title, width, height, paint };
}
