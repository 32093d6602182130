import { z } from 'zod';
import { pearson } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';

/**
 * Pearson's correlation of two maps; undefined when one is constant. Default heatmap: absolute values summed over channels, as in
 * Dombrowski et al. 2019; no normalisation, which would change nothing.
 */
export const pearsonMetric = defineMetric({
  kind: 'similarity',
  name: 'pearson',
  title: 'Pearson correlation',
  paper: 'arXiv:1906.07983',
  better: 'higher',
  range: [-1, 1],
  heatmap: { channels: 'abs-sum', sign: 'absolute', normalise: 'none' },
  options: z.strictObject({}),
  score: ({ a, b }) => pearson(a.values, b.values),
});
