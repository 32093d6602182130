import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
  type ChartConfiguration,
} from 'chart.js';
import { h } from './dom.ts';
import { onTheme } from './theme.ts';

Chart.register(Filler, LinearScale, LineController, LineElement, PointElement, ScatterController, Tooltip);
Chart.defaults.font.family = 'Open Sans, system-ui, sans-serif';
Chart.defaults.font.size = 12;
Chart.defaults.animation = false;
Chart.defaults.locale = 'en-US';
Chart.defaults.maintainAspectRatio = false;

type Configuration = ChartConfiguration<'scatter' | 'line'>;

const waiting = new Map<Element, () => void>();
const drawn = new Map<HTMLCanvasElement, { readonly chart: Chart; readonly redraw: () => void }>();
const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) drawNow(target);
  },
  { rootMargin: '600px' },
);

function drawNow(element: Element): void {
  waiting.get(element)?.();
  waiting.delete(element);
  near.unobserve(element);
}

function forgetRemoved(): void {
  for (const element of waiting.keys())
    if (!element.isConnected) {
      waiting.delete(element);
      near.unobserve(element);
    }
  for (const [canvas, { chart }] of drawn)
    if (!canvas.isConnected) {
      chart.destroy();
      drawn.delete(canvas);
    }
}

onTheme(() => {
  for (const element of [...waiting.keys()]) drawNow(element);
  for (const { redraw } of [...drawn.values()]) redraw();
});

/**
 * A chart with its title, drawn when it comes near the screen. `alternative` is what it says in words. The configuration is made anew
 * when colours change.
 */
export function lazyChart(
  title: string,
  subtitle: string,
  alternative: string,
  height: number,
  configure: () => Configuration,
): HTMLElement {
  const canvas = h('canvas', { role: 'img', 'aria-label': alternative });
  const box = h('div', { class: 'canvas' }, canvas);
  box.style.height = `${height}px`;
  const figure = h('figure', {}, h('figcaption', {}, h('b', {}, title), h('span', { class: 'quiet' }, subtitle)), box);
  const draw = () => {
    drawn.get(canvas)?.chart.destroy();
    drawn.set(canvas, { chart: new Chart(canvas, configure() as ChartConfiguration), redraw: draw });
  };
  waiting.set(box, draw);
  near.observe(box);
  return figure;
}

/** Frees charts that are no longer on the page; to be called after a section was drawn anew. */
export const tidyCharts = (): void => queueMicrotask(forgetRemoved);
