import { mean } from '../src/numeric/statistics.ts';
import { gaussianNoise, infidelityOptions, squareRemoval } from './infidelity-perturbations.ts';
import { defineMetric } from './metric.ts';
import { scoresOf } from './perturbation.ts';

/**
 * The mean squared difference between the change of the explained class's probability that the attribution foretells for a perturbation and
 * the one that comes. It is taken over the whole attribution `[C,H,W]`, repeated over the channels where it has but one, so the heatmap step
 * (sum over channels, signed) is not used. Source: Yeh et al. 2019, definition 2.1; `multiplyByInputs` and `normalize` as in Captum.
 */
export const infidelity = defineMetric({
  kind: 'map',
  name: 'infidelity',
  title: 'Infidelity',
  paper: 'arXiv:1901.09392',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: infidelityOptions,
  async score(context) {
    const { image, options } = context;
    const perturb = options.perturbation === 'square' ? squareRemoval(context) : gaussianNoise(context);
    const foretold = new Float64Array(options.samples);
    const scores = await scoresOf(context, options.samples + 1, (i, picture) => {
      picture.set(image.data);
      if (i > 0) foretold[i - 1] = perturb(picture);
    });
    const drops = scores.subarray(1).map((score) => scores[0] - score);
    return { value: misfit(foretold, drops, options.normalize) };
  },
});

/** The mean of `(β·foretold − drops)²`; β is 1, or the factor that makes it smallest: 0 when nothing is foretold. */
export function misfit(foretold: Float64Array, drops: Float64Array, normalize: boolean): number {
  let beta = 1;
  if (normalize) {
    const own = foretold.reduce((total, a) => total + a * a, 0);
    const both = foretold.reduce((total, a, i) => total + a * drops[i], 0);
    beta = own === 0 ? 0 : both / own;
  }
  return mean(foretold.map((a, i) => (beta * a - drops[i]) ** 2));
}
