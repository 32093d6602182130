import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { norm } from '../src/numeric/statistics.ts';
import { at } from '../src/numeric/tensor.ts';
import type { MapContext } from './metric.ts';

/** How many neighbours are drawn, and how far from the picture they may lie, in pixel units of [0,1]. */
export const neighbourhood = z.strictObject({
  samples: z.int().positive().default(10),
  radius: z.number().positive().max(1).default(0.02),
});

const chunk = 32;

/**
 * For each neighbour x + u, u uniform in [-radius, radius] and the sum clipped to [0,1], the change of the whole attribution `[C,H,W]`
 * relative to itself: `‖e(x+u) − e(x)‖ / ‖e(x)‖`. Throws `Undefined` when e(x) is zero. Source: Yeh et al. 2019.
 */
export async function relativeChanges(context: MapContext<z.infer<typeof neighbourhood>>): Promise<number[]> {
  const { attribution, image, explain, options, rng } = context;
  const scale = norm(attribution.data);
  if (scale === 0) throw new Undefined('the attribution is zero everywhere: a change relative to it has no value');
  const changes: number[] = [];
  for (let first = 0; first < options.samples; first += chunk) {
    const count = Math.min(chunk, options.samples - first);
    const neighbours = new Float32Array(count * image.data.length);
    for (let i = 0; i < neighbours.length; i++) {
      const moved = image.data[i % image.data.length] + options.radius * (2 * rng.uniform() - 1);
      neighbours[i] = Math.min(1, Math.max(0, moved));
    }
    const explained = await explain({ shape: [count, ...image.shape], data: neighbours });
    for (let i = 0; i < count; i++) {
      const change = Float64Array.from(at(explained, i).data, (v, p) => v - attribution.data[p]);
      changes.push(norm(change) / scale);
    }
  }
  return changes;
}
