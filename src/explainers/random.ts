import { z } from 'zod';
import { tensor } from '../numeric/tensor.ts';
import { defineExplainer } from './explainer.ts';

/** Independent uniform values in [0,1), `[1,H,W]`: what any explainer has to beat. */
export const random = defineExplainer({
  name: 'random',
  title: 'Random (control)',
  paper: 'arXiv:1810.03292',
  options: z.strictObject({}),
  explain({ image: { shape }, rng }) {
    const [, height, width] = shape;
    return tensor(
      [1, height, width],
      Float32Array.from({ length: height * width }, () => rng.uniform()),
    );
  },
});
