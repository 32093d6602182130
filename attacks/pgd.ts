import { z } from 'zod';
import { defineBatchAttack } from './attack.ts';
import { ballOptions, checkRadius } from './ball-options.ts';
import { goalOption } from './goal.ts';
import { gradientAscent } from './gradient-ascent.ts';
import { norms } from './norms.ts';

/**
 * Projected gradient descent (Madry et al., arXiv:1706.06083): normalised steps that raise the cross-entropy of the explained class,
 * projected to a ball and to [0,1]; the best picture on the way is kept. Defaults are foolbox's.
 */
export const pgd = defineBatchAttack({
  name: 'pgd',
  title: 'PGD',
  paper: 'arXiv:1706.06083',
  kind: 'prediction',
  options: z
    .strictObject({
      ...ballOptions,
      /** By default 40 for L-inf, else 50. */
      steps: z.int().min(1).optional(),
      /** Size of a step in radii; by default 0.01/0.3 for L-inf, else 0.025. */
      relativeStep: z.number().positive().optional(),
      randomStart: z.boolean().default(true),
      /** The class to steer to, whose cross-entropy is lowered. */
      target: goalOption,
    })
    .superRefine(checkRadius),
  prepare: ({ options, ...setup }) => gradientAscent(setup, { ...norms[options.norm].defaults, ...options }),
});
