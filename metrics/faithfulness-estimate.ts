import { z } from 'zod';
import { descendingOrder } from '../src/numeric/sort.ts';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { relevanceOf, variant } from './features.ts';
import { defineMetric } from './metric.ts';
import { evenCuts } from './perturbation.ts';
import { dropCorrelation } from './subsets.ts';

/**
 * Pearson's correlation, over groups of pixels of like relevance, of the relevance in a group and the drop of the explained class's score when
 * that group alone turns into the baseline. The pixels, in descending order, are cut into `steps` groups, equal up to one pixel; the paper
 * removes every feature by itself. Default heatmap: sum over channels, signed, as for the faithfulness correlation.
 */
export const faithfulnessEstimate = defineMetric({
  kind: 'map',
  name: 'faithfulness-estimate',
  title: 'Faithfulness estimate',
  paper: 'arXiv:1806.07538',
  better: 'higher',
  range: [-1, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({
    steps: z.int().min(2).default(224),
    baseline: baseline.default('black'),
    variant,
  }),
  async score(context) {
    const { image, options, rng } = context;
    const relevance = relevanceOf(context, options.variant);
    const order = descendingOrder(relevance, rng);
    const cuts = evenCuts(relevance.length, options.steps);
    const value = await dropCorrelation(context, {
      relevance,
      subsets: cuts.slice(1).map((cut, s) => order.subarray(cuts[s], cut)),
      to: baselineImage(image, options.baseline),
      reading: options.variant === 'quantus' ? 'logit' : 'probability',
    });
    return { value };
  },
});
