import { z } from 'zod';
import { tensor } from '../numeric/tensor.ts';
import { defineExplainer } from './explainer.ts';

/** The same value everywhere, `[1,H,W]`: what a metric gives to a map that says nothing. */
export const constant = defineExplainer({
  name: 'constant',
  title: 'Constant (control)',
  paper: 'arXiv:1608.00507',
  options: z.strictObject({}),
  explain: ({ image: { shape } }) => tensor([1, shape[1], shape[2]], new Float32Array(shape[1] * shape[2]).fill(1)),
});
