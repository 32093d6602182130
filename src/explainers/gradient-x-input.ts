import { z } from 'zod';
import { grad, mul } from '../graph/index.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/** The gradient of the logit times the preprocessed picture, `[N,C,H,W]`. Captum calls it InputXGradient. */
export const gradientXInput = defineExplainer({
  name: 'gradient-x-input',
  title: 'Gradient x input',
  paper: 'arXiv:1605.01713',
  options: z.strictObject({}),
  attribution: ({ model, target }) => mul(grad(targetLogit(model, target), [model.input])[0], model.input),
});
