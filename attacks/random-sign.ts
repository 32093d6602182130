import { z } from 'zod';
import { defineAttack } from './attack.ts';
import { pixelChange } from './ball-options.ts';

/** Each value moved by the radius, up or down at random: the control of Ghorbani et al. for an attack in an L-inf ball. */
export const randomSign = defineAttack({
  name: 'random-sign',
  title: 'Random signs (control)',
  paper: 'arXiv:1710.10547',
  kind: 'benign',
  options: z.strictObject({
    /** In pixel units [0,1]. */
    epsilon: pixelChange,
  }),
  prepare:
    ({ options: { epsilon } }) =>
    ({ image, rng }) =>
      Promise.resolve({
        image: { shape: image.shape, data: image.data.map((v) => v + (rng.uniform() < 0.5 ? -epsilon : epsilon)) },
        queries: 0,
        gradients: 0,
      }),
});
