import { z } from 'zod';
import { massInside } from './mass.ts';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';

/**
 * Attribution localisation divided by the object's share of the picture: how many times denser positive relevance is on the object than
 * on the whole picture, so that a constant map scores 1 whatever the object's size. Default heatmap: sum over channels, positive.
 */
export const weightedLocalisation = defineMetric({
  kind: 'map',
  name: 'weighted-localisation',
  title: 'Weighted attribution localisation',
  paper: 'arXiv:1910.09840',
  better: 'higher',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'positive', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({}),
  score(context) {
    const { values } = context.heatmap;
    const region = objectRegion(context);
    const share = massInside(
      values.map((v) => Math.max(v, 0)),
      region,
    );
    return { value: (share * values.length) / region.area };
  },
});
