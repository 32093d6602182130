import { z } from 'zod';
import { topMembership } from '../src/numeric/sort.ts';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';

/**
 * The share of the K most relevant pixels that lie on the object, K being the object's number of pixels. Ties at the K-th value count
 * by their probability of being chosen, so a constant map scores the object's share of the picture. Default heatmap: sum over
 * channels, signed, because ranking needs no sign removed and clipping would tie all negative pixels.
 */
export const relevanceRank = defineMetric({
  kind: 'map',
  name: 'relevance-rank',
  title: 'Relevance rank accuracy',
  paper: 'arXiv:2003.07258',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({}),
  score(context) {
    const { inside, area } = objectRegion(context);
    const hits = topMembership(context.heatmap.values, area).reduce(
      (total, chosen, p) => total + chosen * inside[p],
      0,
    );
    return { value: hits / area };
  },
});
