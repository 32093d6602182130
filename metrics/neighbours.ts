import { z } from 'zod';
import type { Rng } from '../src/numeric/random.ts';
import { argMax, at, batchOf, stack, type Tensor } from '../src/numeric/tensor.ts';
import type { MapContext, Outcome } from './metric.ts';

/** How many neighbours are drawn, and how far from the picture they may lie, in pixel units of [0,1]. */
export const neighbourhood = z.strictObject({
  samples: z.int().positive().default(10),
  radius: z.number().positive().max(1).default(0.02),
});

export type Neighbourhood = z.infer<typeof neighbourhood>;

/** Some neighbours `[n,3,H,W]` and their attributions `[n,C,H,W]`. */
export interface Explained {
  readonly images: Tensor;
  readonly attributions: Tensor;
}

/** One value for each neighbour that counts. */
export interface Measured {
  readonly values: readonly number[];
  /** The share of neighbours that do not count; absent where all do. */
  readonly discarded?: number;
}

const chunk = 32;

/**
 * Measures neighbours x + u of the picture, u uniform in [-radius, radius] and the sum clipped to [0,1], batch by batch. With `sameLabel`,
 * those of another predicted class than the picture's are discarded and never explained.
 */
export async function measureNeighbours(
  { image, predict, explain, options, rng }: MapContext<Neighbourhood>,
  sameLabel: boolean,
  measure: (explained: Explained) => Promise<readonly number[]> | readonly number[],
): Promise<Measured> {
  const labels = async (images: Tensor) => {
    const logits = await predict(images);
    return Array.from({ length: images.shape[0] }, (_, i) => argMax(at(logits, i).data));
  };
  const [label] = sameLabel ? await labels(batchOf(image)) : [];
  const values: number[] = [];
  for (let first = 0; first < options.samples; first += chunk) {
    const count = Math.min(chunk, options.samples - first);
    let images = stack(Array.from({ length: count }, () => neighbourOf(image, options.radius, rng)));
    if (sameLabel) {
      const kept = (await labels(images)).flatMap((found, i) => (found === label ? [at(images, i)] : []));
      if (kept.length === 0) continue;
      images = stack(kept);
    }
    values.push(...(await measure({ images, attributions: await explain(images) })));
  }
  return sameLabel ? { values, discarded: (options.samples - values.length) / options.samples } : { values };
}

/** The picture under noise, uniform in [-radius, radius], clipped to [0,1]. */
function neighbourOf({ shape, data }: Tensor, radius: number, rng: Rng): Tensor {
  const moved = new Float32Array(data.length);
  for (let p = 0; p < data.length; p++) moved[p] = Math.min(1, Math.max(0, data[p] + radius * (2 * rng.uniform() - 1)));
  return { shape, data: moved };
}

/** Each neighbour in turn, `of` getting its picture `[3,H,W]` and its attribution `[C,H,W]`. */
export const eachOf = (
  { images, attributions }: Explained,
  of: (image: Tensor, attribution: Tensor, i: number) => number,
) => Array.from({ length: images.shape[0] }, (_, i) => of(at(images, i), at(attributions, i), i));

/** What the values of neighbours come to; no value when none counts. */
export const outcomeOf = ({ values, discarded }: Measured, of: (values: readonly number[]) => number): Outcome =>
  values.length === 0
    ? { reason: 'the prediction changes at every neighbour', discarded }
    : { value: of(values), discarded };

/** The largest value; NaN where there is one. */
export const largest = (values: readonly number[]): number => Math.max(...values);
