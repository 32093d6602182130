import { z } from 'zod';
import { backward, full, relu } from '../graph/index.ts';
import { isActivation } from '../model/model.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/**
 * The gradient with the activation function applied to the way back, `[N,C,H,W]`: `t ← relu(t)` at every activation, of whatever kind and
 * whatever its input was. Max pooling routes by its switches, as the gradient does.
 */
export const deconvnet = defineExplainer({
  name: 'deconvnet',
  title: 'DeconvNet',
  paper: 'arXiv:1311.2901',
  options: z.strictObject({}),
  attribution({ model, target }) {
    const logit = targetLogit(model, target);
    return backward([logit], [full(logit, 1)], [model.input], (node, t) =>
      isActivation(node) ? [relu(t)] : undefined,
    )[0];
  },
});
