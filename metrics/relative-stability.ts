import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { norm } from '../src/numeric/statistics.ts';
import { at, batchOf, type Tensor } from '../src/numeric/tensor.ts';
import type { MapContext, Outcome } from './metric.ts';
import { eachOf, largest, measureNeighbours, neighbourhood, outcomeOf } from './neighbours.ts';
import { distance, scaleOf } from './sensitivity.ts';

/** The neighbourhood, and how a relative change is taken: element by element (the paper) or as a ratio of norms (OpenXAI). */
export const stabilityOptions = neighbourhood.extend({
  variant: z.enum(['elementwise', 'norms']).default('elementwise'),
});

type Values = ArrayLike<number>;

/** The least denominator, and what a zero is divided by. */
const tiny = 1e-6;

/** `‖(a − b) / a‖` element by element, where zeros of `a` count as `floor`. */
function elementwise(a: Values, b: Values, floor: number): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += ((a[i] - b[i]) / (a[i] === 0 ? floor : a[i])) ** 2;
  return Math.sqrt(total);
}

function ratioOfNorms(a: Values, b: Values): number {
  const scale = norm(a);
  if (scale === 0) throw new Undefined('what the change is measured against is zero everywhere');
  return distance(a, b) / scale;
}

/**
 * The largest ratio, among neighbours x' of unchanged prediction, of the attribution's relative change to the change of what `reference` gives for
 * pictures `[n,3,H,W]`: `[n,...]`, relative too unless `absolute` (which the variant `norms` does not know). The attribution is taken whole
 * `[C,H,W]`; its zeros are divided by 1e-6 of its largest magnitude. Throws `Undefined` for a zero attribution.
 */
export async function relativeStability(
  context: MapContext<z.infer<typeof stabilityOptions>>,
  reference: (images: Tensor) => Promise<Tensor> | Tensor,
  absolute = false,
): Promise<Outcome> {
  const { image, options } = context;
  const own = context.attribution.data;
  scaleOf(own);
  const floor = tiny * own.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const from = at(await reference(batchOf(image)), 0).data;
  const ratio = (attribution: Values, to: Values): number => {
    if (options.variant === 'norms') return ratioOfNorms(own, attribution) / Math.max(ratioOfNorms(from, to), tiny);
    const change = absolute ? distance(from, to) : elementwise(from, to, tiny);
    return elementwise(own, attribution, floor) / Math.max(change, tiny);
  };
  const measured = await measureNeighbours(context, true, async (explained) => {
    const references = await reference(explained.images);
    return eachOf(explained, (_, attribution, i) => ratio(attribution.data, at(references, i).data));
  });
  return outcomeOf(measured, largest);
}
