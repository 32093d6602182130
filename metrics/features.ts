import { z } from 'zod';
import type { MapContext } from './metric.ts';

/**
 * What is taken away as one: a pixel in all its channels, ranked by the heatmap; or, as Quantus has it, a single channel's value, ranked by
 * the attribution before the heatmap step, repeated over the channels where it has but one.
 */
export const variant = z.enum(['pixels', 'quantus']).default('pixels');

/** The relevance of every feature: `H*W` pixels, or `3*H*W` values for the variant `quantus`. */
export function relevanceOf(
  { attribution, heatmap, image }: Pick<MapContext<unknown>, 'attribution' | 'heatmap' | 'image'>,
  chosen: z.infer<typeof variant>,
): Float64Array {
  if (chosen === 'pixels') return heatmap.values;
  const { data } = attribution;
  return Float64Array.from(image.data, (_, i) => data[i % data.length]);
}
