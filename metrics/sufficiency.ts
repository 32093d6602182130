import { z } from 'zod';
import { descendingOrder } from '../src/numeric/sort.ts';
import { mean } from '../src/numeric/statistics.ts';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import { defineMetric } from './metric.ts';
import { cutsAt, percentages } from './percentages.ts';
import { perturbationCurve } from './perturbation.ts';

/**
 * How much of the explained class's probability is lost when only the most relevant pixels are left of the picture, on average over the
 * percentages left; below 0 where the rest of the picture spoke against the class. Default heatmap: sum over channels, signed, as for deletion.
 * Source: DeYoung et al. 2020, section 4.
 */
export const sufficiency = defineMetric({
  kind: 'map',
  name: 'sufficiency',
  title: 'Sufficiency',
  paper: 'arXiv:1911.03429',
  better: 'lower',
  range: [-1, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({
    percentages: percentages.default([1, 5, 10, 20, 50]),
    baseline: baseline.default('mean'),
  }),
  async score(context) {
    const { heatmap, image, options, rng } = context;
    const pixels = heatmap.values.length;
    const curve = await perturbationCurve(context, {
      from: baselineImage(image, options.baseline),
      to: image,
      order: descendingOrder(heatmap.values, rng),
      cuts: [...cutsAt(options.percentages, pixels), pixels],
    });
    const whole = curve.y[curve.y.length - 1];
    return { value: whole - mean(curve.y.slice(0, -1)), curve };
  },
});
