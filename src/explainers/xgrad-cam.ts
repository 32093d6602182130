import { mul, relu } from '../graph/index.ts';
import { camOptions, mapsAndGradient, overChannels, overPositions, toPicture } from './cam.ts';
import { defineExplainer } from './explainer.ts';
import { stableRatio } from './stable-ratio.ts';

/** `relu(Σ_k w_k A_k)` with `w_k = Σ_ij g_ij A_ij / Σ_ij A_ij`, the gradient's mean weighted by the activation; `[N,1,H,W]`, >= 0. */
export const xgradCam = defineExplainer({
  name: 'xgrad-cam',
  title: 'XGrad-CAM',
  paper: 'arXiv:2008.02312',
  options: camOptions,
  attribution(context) {
    const [maps, gradient] = mapsAndGradient(context);
    const weights = stableRatio(overPositions(mul(gradient, maps)), overPositions(maps), 1e-9);
    return toPicture(relu(overChannels(mul(weights, maps))), context.model);
  },
});
