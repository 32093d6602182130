import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { topMembership } from '../src/numeric/sort.ts';
import { sum } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';

/**
 * The share of the k largest pixels that two maps have in common. `k` defaults to `fraction` of the pixels: 2 %, about the 1,000 of Ghorbani
 * et al. 2019 at 224x224. Ties at the k-th value count by their probability of being chosen, independently in both maps, so two constant
 * maps score k/(H*W) and not 1, and a map with such ties does not fully match itself. Undefined when k covers the whole map. Default
 * heatmap: absolute values summed over channels, as in that paper.
 */
export const topkIntersection = defineMetric({
  kind: 'similarity',
  name: 'topk-intersection',
  title: 'Top-k intersection',
  paper: 'arXiv:1710.10547',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'abs-sum', sign: 'absolute', normalise: 'none' },
  options: z.strictObject({
    k: z.int().positive().optional(),
    fraction: z.number().positive().max(1).default(0.02),
  }),
  score({ a, b, options }) {
    const pixels = a.values.length;
    const k = options.k ?? Math.max(1, Math.round(options.fraction * pixels));
    if (k >= pixels) throw new Undefined(`the top ${k} of ${pixels} pixels are all of them: any two maps would agree`);
    const other = topMembership(b.values, k);
    return sum(topMembership(a.values, k).map((chosen, p) => chosen * other[p])) / k;
  },
});
