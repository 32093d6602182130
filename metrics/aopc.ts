import { z } from 'zod';
import { mean } from '../src/numeric/statistics.ts';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { defineMetric } from './metric.ts';
import { patchPath } from './patches.ts';
import { perturbationCurve } from './perturbation.ts';

/**
 * The area over the perturbation curve: the mean drop of the explained class's probability while the first `steps` square patches, most
 * relevant first, turn into the baseline; the clean picture counts with a drop of 0. A patch's relevance is the mean of its pixels'. Default
 * heatmap: sum over channels, signed, as for deletion. Source: Samek et al. 2017, equation 12, on one picture.
 */
export const aopc = defineMetric({
  kind: 'map',
  name: 'aopc',
  title: 'AOPC',
  paper: 'arXiv:1509.06321',
  better: 'higher',
  range: [-1, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({
    patch: z.int().positive().default(9),
    steps: z.int().positive().default(100),
    baseline: baseline.default('mean'),
  }),
  async score(context) {
    const { heatmap, image, options, rng } = context;
    const curve = await perturbationCurve(context, {
      from: image,
      to: baselineImage(image, options.baseline),
      ...patchPath(heatmap, options.patch, options.steps, rng),
    });
    return { value: curve.y[0] - mean(curve.y), curve };
  },
});
