import { add, mul, relu } from '../graph/index.ts';
import { camOptions, mapsAndGradient, overChannels, overPositions, toPicture } from './cam.ts';
import { defineExplainer } from './explainer.ts';
import { stableRatio } from './stable-ratio.ts';

/**
 * `relu(Σ_k w_k A_k)` with `w_k = Σ_ij α_ij relu(g_ij)`, g the gradient of the logit in feature map A_k, `[N,1,H,W]`, >= 0.
 *
 * Eq. 19 of the paper, `α = g² / (2g² + g³ ΣA_k)`, is `1 / (2 + g ΣA_k)` wherever g counts, that is g > 0. The factor exp(logit) that the
 * paper's score puts before all weights of a picture is left out: it only scales the map.
 */
export const gradCamPlusPlus = defineExplainer({
  name: 'grad-cam-plus-plus',
  title: 'Grad-CAM++',
  paper: 'arXiv:1710.11063',
  options: camOptions,
  attribution(context) {
    const [maps, gradient] = mapsAndGradient(context);
    const positive = relu(gradient);
    const alpha = stableRatio(positive, add(mul(positive, overPositions(maps)), 2), 1e-9);
    return toPicture(relu(overChannels(mul(overPositions(alpha), maps))), context.model);
  },
});
