import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { averageRanks } from '../src/numeric/sort.ts';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';

/**
 * The area under the ROC curve of telling the object's pixels from the others by their relevance: the probability that a pixel of the object
 * ranks above one beside it, ties counting half. Undefined when the object fills the picture. Default heatmap: sum over channels, signed,
 * because ranking needs no sign removed.
 */
export const pixelRocAuc = defineMetric({
  kind: 'map',
  name: 'pixel-roc-auc',
  title: 'ROC-AUC of pixels',
  paper: '10.1016/j.patrec.2005.10.010',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({}),
  score(context) {
    const { inside, area } = objectRegion(context);
    const outside = inside.length - area;
    if (outside === 0) throw new Undefined('the object fills the picture: there is nothing to tell it from');
    const ranks = averageRanks(context.heatmap.values);
    const total = ranks.reduce((sum, rank, p) => sum + rank * inside[p], 0);
    return { value: (total - (area * (area + 1)) / 2) / (area * outside) };
  },
});
