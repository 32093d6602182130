import { z } from 'zod';
import type { Rng } from '../src/numeric/random.ts';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { relevanceOf, variant } from './features.ts';
import { defineMetric } from './metric.ts';
import { dropCorrelation } from './subsets.ts';

/**
 * Pearson's correlation, over random subsets of the pixels, of the relevance in a subset and the drop of the explained class's score when
 * it turns into the baseline. Default heatmap: sum over channels, signed, because the score should rise when evidence against the class goes.
 */
export const faithfulnessCorrelation = defineMetric({
  kind: 'map',
  name: 'faithfulness-correlation',
  title: 'Faithfulness correlation',
  paper: 'arXiv:2005.00631',
  better: 'higher',
  range: [-1, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({
    runs: z.int().min(2).default(100),
    subset: z.int().positive().default(224),
    baseline: baseline.default('black'),
    variant,
  }),
  async score(context) {
    const { image, options, rng } = context;
    const relevance = relevanceOf(context, options.variant);
    // Subsets of more than half of a small picture would tell little of what is in them.
    const size = Math.max(1, Math.min(options.subset, Math.floor(relevance.length / 2)));
    const value = await dropCorrelation(context, {
      relevance,
      subsets: randomSubsets(relevance.length, size, options.runs, rng),
      to: baselineImage(image, options.baseline),
      reading: options.variant === 'quantus' ? 'logit' : 'probability',
    });
    return { value };
  },
});

/** `count` subsets of `size` of the numbers below `n`, each drawn without replacement. */
function randomSubsets(n: number, size: number, count: number, rng: Rng): Uint32Array[] {
  const numbers = Uint32Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: count }, () => {
    for (let i = 0; i < size; i++) {
      const j = i + rng.integer(n - i);
      [numbers[i], numbers[j]] = [numbers[j], numbers[i]];
    }
    return numbers.slice(0, size);
  });
}
