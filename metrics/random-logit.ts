import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { at, batchOf } from '../src/numeric/tensor.ts';
import { agreement, agreementOf } from './agreement.ts';
import { defineMetric } from './metric.ts';

/**
 * The agreement of the map with the map for another class, drawn at random: 1 for an explainer that does not look at the class. Default heatmap:
 * absolute values summed over channels, divided by the largest.
 */
export const randomLogit = defineMetric({
  kind: 'map',
  name: 'random-logit',
  title: 'Random logit',
  paper: 'arXiv:1912.09818',
  better: 'lower',
  range: [-1, 1],
  heatmap: { channels: 'abs-sum', sign: 'absolute', normalise: 'max' },
  needs: [],
  options: z.strictObject({ agreement: agreement.default('ssim') }),
  async score({ heatmap, heatmapOf, image, target, predict, explain, options, rng }) {
    const [, classes] = (await predict(batchOf(image))).shape;
    if (classes < 2) throw new Undefined('the model has a single class: there is no other to explain');
    const other = (target + 1 + rng.integer(classes - 1)) % classes;
    const explained = await explain(batchOf(image), { target: other });
    return { value: agreementOf(options.agreement, heatmap, heatmapOf(at(explained, 0))) };
  },
});
