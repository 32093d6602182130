import { z } from 'zod';
import { defineAttack } from './attack.ts';

/** All values moved from or towards mid-grey, 0.5: a benign change. */
export const contrast = defineAttack({
  name: 'contrast',
  title: 'Contrast (control)',
  paper: 'control',
  kind: 'benign',
  options: z.strictObject({
    /** What the distance from mid-grey is multiplied by. */
    factor: z.number().min(0).default(0.7),
  }),
  prepare:
    ({ options }) =>
    ({ image }) =>
      Promise.resolve({
        image: { shape: image.shape, data: image.data.map((v) => 0.5 + options.factor * (v - 0.5)) },
        queries: 0,
        gradients: 0,
      }),
});
