import { z } from 'zod';
import { descendingOrder } from '../src/numeric/sort.ts';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { relevanceOf, variant } from './features.ts';
import { defineMetric } from './metric.ts';
import { evenCuts, turnedScores } from './perturbation.ts';
import { correlateDrops } from './subsets.ts';

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
    const groups = cuts.slice(1).map((cut, s) => [cuts[s], cut] as const);
    const to = baselineImage(image, options.baseline);
    const reading = options.variant === 'quantus' ? 'logit' : 'probability';
    const value = await correlateDrops(
      relevance,
      groups.map((group) => order.subarray(...group)),
      () => turnedScores(context, { from: image, to, order, spans: [[0, 0], ...groups] }, reading),
    );
    return { value };
  },
});
