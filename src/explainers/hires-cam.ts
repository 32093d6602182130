import { mul } from '../graph/index.ts';
import { camOptions, mapsAndGradient, overChannels, toPicture } from './cam.ts';
import { defineExplainer } from './explainer.ts';

/**
 * `Σ_k g_k ⊙ A_k`, the gradient of the logit times the feature maps, position by position: `[N,1,H,W]`, signed. Before it is resized it
 * sums to the logit without its bias where the net goes on linearly from the target layer.
 */
export const hiresCam = defineExplainer({
  name: 'hires-cam',
  title: 'HiResCAM',
  paper: 'arXiv:2011.08891',
  options: camOptions,
  attribution(context) {
    const [maps, gradient] = mapsAndGradient(context);
    return toPicture(overChannels(mul(gradient, maps)), context.model);
  },
});
