import { z } from 'zod';
import { descendingOrder } from '../src/numeric/sort.ts';
import { mean } from '../src/numeric/statistics.ts';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { relevanceOf, variant } from './features.ts';
import { defineMetric } from './metric.ts';
import { evenCuts, perturbationCurve } from './perturbation.ts';

/**
 * The mean of the explained class's probability over a curve along which the most relevant pixels turn into the baseline, the clean picture
 * and the emptied one included. Default heatmap: sum over channels, signed, as for deletion. Source: Bach et al. 2015.
 */
export const pixelFlipping = defineMetric({
  kind: 'map',
  name: 'pixel-flipping',
  title: 'Pixel flipping',
  paper: '10.1371/journal.pone.0130140',
  better: 'lower',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({
    steps: z.int().positive().default(224),
    baseline: baseline.default('black'),
    variant,
  }),
  async score(context) {
    const { image, options, rng } = context;
    const relevance = relevanceOf(context, options.variant);
    const curve = await perturbationCurve(context, {
      from: image,
      to: baselineImage(image, options.baseline),
      order: descendingOrder(relevance, rng),
      cuts: evenCuts(relevance.length, options.steps),
    });
    return { value: mean(curve.y), curve };
  },
});
