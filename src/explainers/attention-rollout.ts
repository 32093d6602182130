import { z } from 'zod';
import { add, matmul, mul, reduceMean } from '../graph/index.ts';
import { patchAttention, rollBack } from './attention.ts';
import { defineExplainer } from './explainer.ts';

/**
 * The class token's row of `Π_l (A_l / 2 + I / 2)`, last layer first, A_l the mean over heads: `[N,1,H,W]`, >= 0, the same for every class.
 * Rows of A_l sum to 1, so those of the product do.
 */
export const attentionRollout = defineExplainer({
  name: 'attention-rollout',
  title: 'Attention rollout',
  paper: 'arXiv:2005.00928',
  options: z.strictObject({}),
  attribution({ model }) {
    const attention = patchAttention(model);
    const means = attention.layers.map((a) => reduceMean(a, [1]));
    return rollBack(model, attention, (row, i) => mul(add(row, matmul(row, means[i])), 0.5));
  },
});
