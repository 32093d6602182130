import { z } from 'zod';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { defineMetric } from './metric.ts';
import { areaUnderPath } from './perturbation.ts';

/**
 * The area under the probability of the explained class (by default the clean picture's predicted class) while the most relevant pixels are
 * replaced by the baseline. Default heatmap: sum over channels, signed, because a pixel is removed whole and evidence against the
 * class must go last.
 */
export const deletion = defineMetric({
  kind: 'map',
  name: 'deletion',
  title: 'Deletion AUC',
  paper: 'arXiv:1806.07421',
  better: 'lower',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({ steps: z.int().positive().default(224), baseline: baseline.default('mean') }),
  score(context) {
    const { image, options } = context;
    return areaUnderPath(context, {
      from: image,
      to: baselineImage(image, options.baseline),
      steps: options.steps,
    });
  },
});
