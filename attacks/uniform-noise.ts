import { z } from 'zod';
import { defineAttack } from './attack.ts';
import { pixelChange } from './ball-options.ts';

/** Independent uniform noise in [-epsilon, epsilon) on each value: a benign change of the size of an L-inf attack. */
export const uniformNoise = defineAttack({
  name: 'uniform-noise',
  title: 'Uniform noise (control)',
  paper: 'control',
  kind: 'benign',
  options: z.strictObject({
    /** Largest change in pixel units [0,1]. */
    epsilon: pixelChange,
  }),
  prepare:
    ({ options }) =>
    ({ image, rng }) =>
      Promise.resolve({
        image: { shape: image.shape, data: image.data.map((v) => v + options.epsilon * (2 * rng.uniform() - 1)) },
        queries: 0,
        gradients: 0,
      }),
});
