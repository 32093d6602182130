import { defineMetric } from './metric.ts';
import { relativeStability, stabilityOptions } from './relative-stability.ts';

/**
 * The largest ratio of the attribution's relative change to the picture's, among neighbours of unchanged prediction. Taken over the
 * whole attribution `[C,H,W]`, so the heatmap step (sum over channels, signed) is not used.
 */
export const ris = defineMetric({
  kind: 'map',
  name: 'ris',
  title: 'Relative input stability',
  paper: 'arXiv:2203.06877',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: stabilityOptions,
  score: (context) => relativeStability(context, (images) => images),
});
