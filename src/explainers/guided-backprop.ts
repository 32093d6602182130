import { z } from 'zod';
import { backward, full, pullBack, relu } from '../graph/index.ts';
import { isActivation } from '../model/model.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/**
 * The gradient with negative cotangents left out at every activation, `[N,C,H,W]`: `t ← σ'(z) ⊙ relu(t)`.
 *
 * For ReLU this is the paper's rule: a cotangent passes where both it and the forward input are positive. Other activations keep their own
 * derivative in the place of ReLU's step, so the rule of softplus tends to that of ReLU. Where σ' is negative (GELU, SiLU below zero), what
 * passes is negative and ends at the next activation.
 */
export const guidedBackprop = defineExplainer({
  name: 'guided-backprop',
  title: 'Guided backpropagation',
  paper: 'arXiv:1412.6806',
  options: z.strictObject({}),
  attribution({ model, target }) {
    const logit = targetLogit(model, target);
    return backward([logit], [full(logit, 1)], [model.input], (node, t) =>
      isActivation(node) ? pullBack(node, relu(t)) : undefined,
    )[0];
  },
});
