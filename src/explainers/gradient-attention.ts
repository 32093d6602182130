import { z } from 'zod';
import { add, grad, matmul, mul, reduceMean, relu, sub } from '../graph/index.ts';
import { overPicture, patchAttention, readout } from './attention.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/**
 * The class token's row (the mean row, where there is none) of `Π_l (I + mean over heads of relu(A_l ⊙ ∂y_c/∂A_l)) - I`, last layer
 * first: `[N,1,H,W]`, >= 0. Without the identity a token does not count for itself; in the class token's row this changes no patch.
 */
export const gradientAttention = defineExplainer({
  name: 'gradient-attention',
  title: 'Gradient-weighted attention',
  paper: 'arXiv:2103.15679',
  options: z.strictObject({}),
  attribution({ model, target }) {
    const attention = patchAttention(model);
    const gradients = grad(targetLogit(model, target), attention.layers);
    const weighted = attention.layers.map((a, i) => reduceMean(relu(mul(a, gradients[i])), [1]));
    const start = readout(attention);
    const row = weighted.reduceRight((r, weights) => add(r, matmul(r, weights)), start);
    return overPicture(model, attention, sub(row, start));
  },
});
