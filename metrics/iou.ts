import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';
import { threshold, thresholdOf } from './threshold.ts';

/**
 * Intersection over union of the object and the pixels at or above a threshold: by default 20 % of the largest value, as CAM has it. Pixels
 * without positive relevance are never chosen; undefined when there are no others. Default heatmap: sum over channels, positive, because a
 * threshold relative to the maximum asks for evidence in favour.
 */
export const iou = defineMetric({
  kind: 'map',
  name: 'iou',
  title: 'Intersection over union',
  paper: 'arXiv:1512.04150',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'positive', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({ threshold: threshold.default(0.2) }),
  score(context) {
    const { inside, area } = objectRegion(context);
    const values = context.heatmap.values.map((v) => Math.max(v, 0));
    const least = thresholdOf(values, context.options.threshold);
    let [chosen, hits] = [0, 0];
    values.forEach((v, p) => {
      if (v === 0 || v < least) return;
      chosen++;
      hits += inside[p];
    });
    if (chosen === 0) throw new Undefined('the map holds no positive relevance to compare with the object');
    return { value: hits / (area + chosen - hits) };
  },
});
