import { z } from 'zod';
import { massInside } from './mass.ts';
import { defineMetric } from './metric.ts';
import { objectRegion } from './region.ts';

/**
 * The share of positive relevance that lies on the object; `weighted` multiplies it by `|image| / |object|`, so that a constant map scores 1
 * whatever the object's size. Default heatmap: sum over channels, positive, as the definition has it; negative values never count.
 */
export const attributionLocalisation = defineMetric({
  kind: 'map',
  name: 'attribution-localisation',
  title: 'Attribution localisation',
  paper: 'arXiv:1910.09840',
  better: 'higher',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'positive', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({ weighted: z.boolean().default(false) }),
  score(context) {
    const { values } = context.heatmap;
    const region = objectRegion(context);
    const share = massInside(
      values.map((v) => Math.max(v, 0)),
      region,
    );
    return { value: context.options.weighted ? (share * values.length) / region.area : share };
  },
});
