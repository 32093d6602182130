import { z } from 'zod';
import { grad, mul, reduceMean, reduceSum, relu, resize } from '../graph/index.ts';
import { defineExplainer, targetLogit } from './explainer.ts';
import { targetLayer } from './layers.ts';

/** `relu(Σ_k ᾱ_k A_k)` with ᾱ_k the mean gradient of the logit in feature map A_k, resized bilinearly: `[N,1,H,W]`, >= 0. */
export const gradCam = defineExplainer({
  name: 'grad-cam',
  title: 'Grad-CAM',
  paper: 'arXiv:1610.02391',
  options: z.strictObject({ layer: z.string().optional() }),
  attribution({ model, target, options }) {
    const maps = targetLayer(model, options.layer);
    const [gradient] = grad(targetLogit(model, target), [maps]);
    const weights = reduceMean(gradient, [2, 3], true);
    const cam = relu(reduceSum(mul(weights, maps), [1], true));
    return resize(cam, model.size);
  },
});
