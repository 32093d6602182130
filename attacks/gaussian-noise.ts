import { z } from 'zod';
import { defineAttack } from './attack.ts';
import { pixelChange } from './ball-options.ts';

/** Independent normal noise on each value: a benign change, the ceiling for what an attack of equal size can claim. */
export const gaussianNoise = defineAttack({
  name: 'gaussian-noise',
  title: 'Gaussian noise (control)',
  paper: 'control',
  kind: 'benign',
  options: z.strictObject({
    /** Standard deviation in pixel units [0,1]. */
    sigma: pixelChange,
  }),
  prepare:
    ({ options }) =>
    ({ image, rng }) =>
      Promise.resolve({
        image: { shape: image.shape, data: image.data.map((v) => v + options.sigma * rng.normal()) },
        queries: 0,
        gradients: 0,
      }),
});
