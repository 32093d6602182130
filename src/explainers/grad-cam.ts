import { mul, reduceMean, relu } from '../graph/index.ts';
import { camOptions, mapsAndGradient, overChannels, toPicture } from './cam.ts';
import { defineExplainer } from './explainer.ts';

/** `relu(Σ_k ᾱ_k A_k)` with ᾱ_k the mean gradient of the logit in feature map A_k, resized bilinearly: `[N,1,H,W]`, >= 0. */
export const gradCam = defineExplainer({
  name: 'grad-cam',
  title: 'Grad-CAM',
  paper: 'arXiv:1610.02391',
  options: camOptions,
  attribution(context) {
    const [maps, gradient] = mapsAndGradient(context);
    const weights = reduceMean(gradient, [2, 3], true);
    return toPicture(relu(overChannels(mul(weights, maps))), context.model);
  },
});
