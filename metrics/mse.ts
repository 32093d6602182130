import { z } from 'zod';
import { mean } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';

/**
 * The mean squared difference of two maps. Default heatmap: absolute values summed over channels, divided by their sum, as in
 * Dombrowski et al. 2019, so that maps of different scale compare.
 */
export const mse = defineMetric({
  kind: 'similarity',
  name: 'mse',
  title: 'Mean squared error',
  paper: 'arXiv:1906.07983',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'abs-sum', sign: 'absolute', normalise: 'sum' },
  options: z.strictObject({}),
  score: ({ a, b }) => mean(a.values.map((v, p) => (v - b.values[p]) ** 2)),
});
