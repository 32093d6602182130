import { z } from 'zod';
import { averageRanks } from '../src/numeric/sort.ts';
import { pearson } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';

/**
 * Spearman's rank correlation of two maps, tied values sharing their mean rank; undefined when one is constant. Default heatmap: absolute
 * values summed over channels, as in Ghorbani et al. 2019; no normalisation, which would change nothing.
 */
export const spearmanMetric = defineMetric({
  kind: 'similarity',
  name: 'spearman',
  title: 'Spearman rank correlation',
  paper: 'arXiv:1710.10547',
  better: 'higher',
  range: [-1, 1],
  heatmap: { channels: 'abs-sum', sign: 'absolute', normalise: 'none' },
  options: z.strictObject({}),
  score: ({ a, b }) => pearson(averageRanks(a.values), averageRanks(b.values)),
});
