import { defineMetric } from './metric.ts';
import { relativeStability, stabilityOptions } from './relative-stability.ts';

/**
 * The largest ratio of the attribution's relative change to the change of the logits, among neighbours of unchanged prediction. Taken over the
 * whole attribution `[C,H,W]`, so the heatmap step (sum over channels, signed) is not used.
 */
export const ros = defineMetric({
  kind: 'map',
  name: 'ros',
  title: 'Relative output stability',
  paper: 'arXiv:2203.06877',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: stabilityOptions,
  score: (context) => relativeStability(context, (images) => context.predict(images), true),
});
