import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import type { MapContext } from './metric.ts';
import { scoresOf } from './perturbation.ts';

/** What the picture fades to where its map is 0. */
export const maskedOptions = z.strictObject({ baseline: baseline.default('black') });

/**
 * The explained class's probability for the picture and for the picture masked by its map: each pixel is `m·x + (1 − m)·baseline`, m being
 * the heatmap divided by its largest value, with 0 for what is negative. Throws `Undefined` when the clean probability is 0. Source:
 * Chattopadhyay et al. 2018, section 5.
 */
export async function maskedProbability(
  context: MapContext<z.infer<typeof maskedOptions>>,
): Promise<{ clean: number; masked: number }> {
  const { heatmap, image, options } = context;
  const { values } = heatmap;
  const to = baselineImage(image, options.baseline).data;
  const largest = values.reduce((a, b) => (b > a ? b : a), 0) || 1; // Of a map without any positive value all is baseline.
  const [clean, masked] = await scoresOf(context, 2, (i, picture) => {
    picture.set(image.data);
    if (i === 0) return;
    for (let offset = 0; offset < picture.length; offset += values.length)
      fade(picture.subarray(offset), to.subarray(offset), values, largest);
  });
  if (clean === 0) throw new Undefined('the explained class has a probability of 0');
  return { clean, masked };
}

/** Mixes a channel with that of the baseline. */
function fade(channel: Float32Array, to: Float32Array, values: Float64Array, largest: number): void {
  for (let p = 0; p < values.length; p++) {
    const share = (values[p] > 0 ? values[p] : 0) / largest;
    channel[p] = to[p] + share * (channel[p] - to[p]);
  }
}
