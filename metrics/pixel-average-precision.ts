import { z } from 'zod';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';

/**
 * The average precision of finding the object's pixels by descending relevance: `Σ (R_n − R_{n−1}) P_n` over the distinct values of the map, so
 * that tied pixels are found together and a constant map scores the object's share. Default heatmap: sum over channels, signed.
 */
export const pixelAveragePrecision = defineMetric({
  kind: 'map',
  name: 'pixel-average-precision',
  title: 'Average precision of pixels',
  paper: 'arXiv:2001.07437',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({}),
  score(context) {
    const { inside, area } = objectRegion(context);
    const { values } = context.heatmap;
    const order = Uint32Array.from(values, (_, p) => p).sort((p, q) => values[q] - values[p]);
    let [found, value] = [0, 0];
    for (let start = 0, end = 0; start < order.length; start = end) {
      const before = found;
      for (; end < order.length && values[order[end]] === values[order[start]]; end++) found += inside[order[end]];
      value += ((found - before) / area) * (found / end);
    }
    return { value };
  },
});
