import { z } from 'zod';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { defineMetric } from './metric.ts';
import { areaUnderPath } from './perturbation.ts';

/**
 * The area under the probability of the explained class (by default the clean picture's predicted class) while the most relevant pixels are
 * put into the baseline, which is the blurred picture unless chosen otherwise. Default heatmap: sum over channels, signed, as for deletion.
 */
export const insertion = defineMetric({
  kind: 'map',
  name: 'insertion',
  title: 'Insertion AUC',
  paper: 'arXiv:1806.07421',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({ steps: z.int().positive().default(224), baseline: baseline.default('blur') }),
  score(context) {
    const { image, options } = context;
    return areaUnderPath(context, {
      from: baselineImage(image, options.baseline),
      to: image,
      steps: options.steps,
    });
  },
});
