import { z } from 'zod';
import { gini } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';

/**
 * The Gini index of the magnitudes: 0 for a constant map, 1 - 1/(H*W) when one pixel holds everything; undefined for a zero map.
 * Default heatmap: sum over channels, absolute, because magnitude is what spreads.
 */
export const sparseness = defineMetric({
  kind: 'map',
  name: 'sparseness',
  title: 'Sparseness',
  paper: 'arXiv:1810.06583',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'absolute', normalise: 'none' },
  needs: [],
  options: z.strictObject({}),
  score: ({ heatmap }) => ({ value: gini(heatmap.values.map(Math.abs)) }),
});
