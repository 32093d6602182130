import { h } from './dom.ts';
import { theme, onTheme } from './theme.ts';

export interface LegendEntry {
  readonly label: string;
  /** Of the palette. */
  readonly style: number;
  readonly look: 'marker' | 'line';
}

const size = { marker: [12, 12], line: [30, 12] } as const;

function paint(canvas: HTMLCanvasElement, { style, look }: LegendEntry): void {
  const { colour, marker, dash } = theme().series(style);
  const [width, height] = size[look];
  const context = canvas.getContext('2d')!;
  context.reset();
  context.scale(2, 2);
  context.translate(width / 2, height / 2);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.8;
  context.beginPath();
  if (look === 'line') {
    context.setLineDash([...dash]);
    context.moveTo(-width / 2, 0);
    context.lineTo(width / 2, 0);
    context.stroke();
  } else drawMarker(context, marker as string);
}

/** The markers of the palette as Chart.js draws them, with a radius of 4. */
function drawMarker(context: CanvasRenderingContext2D, marker: string): void {
  const r = 4;
  const line = (...points: number[]) => {
    for (let i = 0; i < points.length; i += 4) {
      context.moveTo(points[i], points[i + 1]);
      context.lineTo(points[i + 2], points[i + 3]);
    }
    context.stroke();
  };
  const d = r * Math.SQRT1_2;
  if (marker === 'crossRot') return line(-d, -d, d, d, -d, d, d, -d);
  if (marker === 'star') return line(-d, -d, d, d, -d, d, d, -d, -r, 0, r, 0, 0, -r, 0, r);
  if (marker === 'circle') context.arc(0, 0, r, 0, 2 * Math.PI);
  else if (marker === 'triangle') polygon(context, [0, -r, r, r * 0.75, -r, r * 0.75]);
  else if (marker === 'rectRot') polygon(context, [0, -r, r, 0, 0, r, -r, 0]);
  else if (marker === 'rectRounded') context.roundRect(-d, -d, 2 * d, 2 * d, 1.5);
  else context.rect(-d, -d, 2 * d, 2 * d);
  context.fill();
}

function polygon(context: CanvasRenderingContext2D, points: readonly number[]): void {
  context.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
  context.closePath();
}

const painted = new Map<HTMLCanvasElement, LegendEntry>();
onTheme(() => {
  for (const [canvas, entry] of painted) {
    if (canvas.isConnected) paint(canvas, entry);
    else painted.delete(canvas);
  }
});

/** One legend for all charts of a section. */
export function legend(entries: readonly LegendEntry[]): HTMLElement {
  return h(
    'ul',
    { class: 'legend' },
    ...entries.map((entry) => {
      const [width, height] = size[entry.look];
      const canvas = h('canvas', { width: 2 * width, height: 2 * height, 'aria-hidden': 'true' });
      canvas.style.width = `${width}px`;
      paint(canvas, entry);
      painted.set(canvas, entry);
      return h('li', {}, canvas, entry.label);
    }),
  );
}
