import { z } from 'zod';
import { grad } from '../graph/index.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/** The gradient of the logit in the preprocessed picture, `[N,C,H,W]`. */
export const gradient = defineExplainer({
  name: 'gradient',
  title: 'Gradient',
  paper: 'arXiv:1312.6034',
  options: z.strictObject({}),
  attribution: ({ model, target }) => grad(targetLogit(model, target), [model.input])[0],
});
