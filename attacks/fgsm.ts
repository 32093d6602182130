import { z } from 'zod';
import { defineBatchAttack } from './attack.ts';
import { ballOptions, checkRadius } from './ball-options.ts';
import { goalOption } from './goal.ts';
import { gradientAscent } from './gradient-ascent.ts';
import { norms } from './norms.ts';

/** Fast gradient sign method (Goodfellow et al., arXiv:1412.6572, section 4): one step of the whole radius from the clean picture, or to a class. */
export const fgsm = defineBatchAttack({
  name: 'fgsm',
  title: 'FGSM',
  paper: 'arXiv:1412.6572',
  kind: 'prediction',
  options: z.strictObject({ ...ballOptions, target: goalOption }).superRefine(checkRadius),
  prepare: ({ options, ...setup }) =>
    gradientAscent(setup, {
      ...norms[options.norm].defaults,
      ...options,
      steps: 1,
      relativeStep: 1,
      randomStart: false,
    }),
});
