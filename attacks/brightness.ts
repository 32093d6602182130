import { z } from 'zod';
import { defineAttack } from './attack.ts';

/** One amount added to all values: a benign change. */
export const brightness = defineAttack({
  name: 'brightness',
  title: 'Brightness (control)',
  paper: 'control',
  kind: 'benign',
  options: z.strictObject({
    /** In pixel units [0,1]; below 0 darkens. */
    shift: z.number().min(-1).max(1).default(0.1),
  }),
  prepare:
    ({ options }) =>
    ({ image }) =>
      Promise.resolve({
        image: { shape: image.shape, data: image.data.map((v) => v + options.shift) },
        queries: 0,
        gradients: 0,
      }),
});
