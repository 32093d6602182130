import { z } from 'zod';
import { massInside } from './mass.ts';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';

/**
 * The share of the magnitude of the relevance that lies on the object. Default heatmap: sum over channels, absolute, so that evidence against
 * the class counts as well, which sets it apart from attribution localisation; choose `positive` for evidence in favour alone.
 */
export const relevanceMass = defineMetric({
  kind: 'map',
  name: 'relevance-mass',
  title: 'Relevance mass accuracy',
  paper: 'arXiv:2003.07258',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'absolute', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({}),
  score: (context) => ({ value: massInside(context.heatmap.values.map(Math.abs), objectRegion(context)) }),
});
