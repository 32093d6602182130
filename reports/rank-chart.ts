import { fitted, font, ink } from './canvas-text.ts';
import type { Drawing } from './drawing.ts';
import { groupBy } from './group-by.ts';
import { drawPanel, grey, line, margin, panelOf, width, write } from './rank-panel.ts';
import type { Rank } from './ranks.ts';

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
