import { z } from 'zod';
import { entropy } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';

/**
 * The entropy in nats of the magnitudes divided by their sum: 0 when one pixel holds everything, ln(H*W) for a constant map; undefined for a
 * zero map. Default heatmap: sum over channels, absolute, because magnitude is what spreads.
 */
export const complexity = defineMetric({
  kind: 'map',
  name: 'complexity',
  title: 'Complexity',
  paper: 'arXiv:2005.00631',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'absolute', normalise: 'none' },
  needs: [],
  options: z.strictObject({}),
  score: ({ heatmap }) => ({ value: entropy(heatmap.values.map(Math.abs)) }),
});
