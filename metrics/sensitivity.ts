import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { norm } from '../src/numeric/statistics.ts';
import type { MapContext } from './metric.ts';
import { eachOf, measureNeighbours, neighbourhood, type Measured } from './neighbours.ts';

/** The neighbourhood, and whether neighbours of another predicted class are discarded, which the paper does not do. */
export const sensitivityOptions = neighbourhood.extend({ sameLabel: z.boolean().default(false) });

/** The norm of an attribution. Throws `Undefined` when it is zero. */
export function scaleOf(attribution: Float32Array): number {
  const scale = norm(attribution);
  if (scale === 0) throw new Undefined('the attribution is zero everywhere: a change relative to it has no value');
  return scale;
}

/** `‖a − b‖`. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] - b[i]) ** 2;
  return Math.sqrt(total);
}

/**
 * For each neighbour, the change of the whole attribution `[C,H,W]` relative to itself: `‖e(x+u) − e(x)‖ / ‖e(x)‖`. Throws `Undefined` when
 * e(x) is zero. Source: Yeh et al. 2019.
 */
export function relativeChanges(context: MapContext<z.infer<typeof sensitivityOptions>>): Promise<Measured> {
  const own = context.attribution.data;
  const scale = scaleOf(own);
  return measureNeighbours(context, context.options.sameLabel, (explained) =>
    eachOf(explained, (_, attribution) => distance(attribution.data, own) / scale),
  );
}
