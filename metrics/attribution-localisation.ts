import { z } from 'zod';
import { massInside } from './mass.ts';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';

/**
 * The share of positive relevance that lies on the object. Default heatmap: sum over channels, positive, as the definition has it; negative
 * values never count.
 */
export const attributionLocalisation = defineMetric({
  kind: 'map',
  name: 'attribution-localisation',
  title: 'Attribution localisation',
  paper: 'arXiv:1910.09840',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'positive', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({}),
  score: (context) => ({
    value: massInside(
      context.heatmap.values.map((v) => Math.max(v, 0)),
      objectRegion(context),
    ),
  }),
});
