import { z } from 'zod';
import { add, grad, matmul, mul, reduceMean, relu } from '../graph/index.ts';
import { patchAttention, rollBack } from './attention.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/** The class token's row of `Π_l (I + mean over heads of relu(A_l ⊙ ∂y_c/∂A_l))`, last layer first: `[N,1,H,W]`, >= 0. */
export const gradientAttention = defineExplainer({
  name: 'gradient-attention',
  title: 'Gradient-weighted attention',
  paper: 'arXiv:2103.15679',
  options: z.strictObject({}),
  attribution({ model, target }) {
    const attention = patchAttention(model);
    const gradients = grad(targetLogit(model, target), attention.layers);
    const weighted = attention.layers.map((a, i) => reduceMean(relu(mul(a, gradients[i])), [1]));
    return rollBack(model, attention, (row, i) => add(row, matmul(row, weighted[i])));
  },
});
