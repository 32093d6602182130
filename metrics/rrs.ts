import { z } from 'zod';
import { defineMetric } from './metric.ts';
import { relativeStability, stabilityOptions } from './relative-stability.ts';

/**
 * The largest ratio of the attribution's relative change to that of an inner representation, among neighbours of unchanged prediction. The
 * representation is a named layer, or by default the input of the last layer with weights. Taken over the whole attribution `[C,H,W]`, so
 * the heatmap step (sum over channels, signed) is not used.
 */
export const rrs = defineMetric({
  kind: 'map',
  name: 'rrs',
  title: 'Relative representation stability',
  paper: 'arXiv:2203.06877',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: stabilityOptions.extend({ layer: z.string().optional() }),
  score: (context) => relativeStability(context, (images) => context.represent(images, context.options.layer)),
});
