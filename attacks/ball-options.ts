import { z } from 'zod';
import type { norms } from './norms.ts';

/** How far a pixel value may move, in pixel units [0,1]; 8/255 by default. */
export const pixelChange = z
  .number()
  .positive()
  .max(1)
  .default(8 / 255);

/** The options of an attack inside a ball. */
export const ballOptions = {
  norm: z.enum(['linf', 'l2', 'l1']).default('linf'),
  /** Radius in pixel units [0,1]: of each value for L-inf (by default 8/255), of the whole change for L2 (0.5) and L1 (12). */
  epsilon: z.number().positive().optional(),
};

/** Refuses an L-inf ball that is larger than the range of pixels. */
export function checkRadius({ norm, epsilon }: { norm: keyof typeof norms; epsilon?: number }, check: z.RefinementCtx) {
  if (norm === 'linf' && epsilon !== undefined && epsilon > 1)
    check.addIssue({
      code: 'too_big',
      maximum: 1,
      inclusive: true,
      origin: 'number',
      input: epsilon,
      path: ['epsilon'],
    });
}
