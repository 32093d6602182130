import { z } from 'zod';
import { add, matmul, mul, reduceMean, type Node } from '../graph/index.ts';
import { overPicture, patchAttention, readout } from './attention.ts';
import { defineExplainer } from './explainer.ts';

/**
 * The class token's row (the mean row, where there is none) of `Π_l (A_l / 2 + I / 2)`, last layer first, A_l the mean over heads: `[N,1,H,W]`, >= 0, the same for every class.
 * Rows of A_l sum to 1, so those of the product do.
 */
export const attentionRollout = defineExplainer({
  name: 'attention-rollout',
  title: 'Attention rollout',
  paper: 'arXiv:2005.00928',
  options: z.strictObject({}),
  attribution({ model }) {
    const attention = patchAttention(model);
    const back = (row: Node, weights: Node) => mul(add(row, matmul(row, reduceMean(weights, [1]))), 0.5);
    return overPicture(model, attention, attention.layers.reduceRight(back, readout(attention)));
  },
});
