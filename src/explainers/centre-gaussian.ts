import { z } from 'zod';
import { tensor } from '../numeric/tensor.ts';
import { defineExplainer } from './explainer.ts';

/** `exp(-d² / 2σ²)` of the distance d from the picture's centre, `[1,H,W]`, in (0,1]: photographers put the object in the middle. */
export const centreGaussian = defineExplainer({
  name: 'centre-gaussian',
  title: 'Centre Gaussian (control)',
  paper: 'arXiv:1608.00507',
  options: z.strictObject({
    /** Standard deviation as a share of the height (downwards) and of the width (across). */
    sigma: z.number().positive().default(0.25),
  }),
  explain({ image: { shape }, options: { sigma } }) {
    const [, height, width] = shape;
    const profile = (side: number) =>
      Float64Array.from({ length: side }, (_, i) => Math.exp(-(((i - (side - 1) / 2) / (sigma * side)) ** 2) / 2));
    const [down, across] = [profile(height), profile(width)];
    return tensor(
      [1, height, width],
      Float32Array.from({ length: height * width }, (_, p) => down[Math.floor(p / width)] * across[p % width]),
    );
  },
});
