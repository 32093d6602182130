import type { Dataset } from '../data/dataset.ts';
import { SampleError } from '../data/dataset.ts';
import { createRng } from '../numeric/random.ts';
import { tensor, type Tensor } from '../numeric/tensor.ts';

/** Inputs that know nothing of the picture. */
export const referenceNames = ['black', 'white', 'mean', 'noise'] as const;
export type ReferenceName = (typeof referenceNames)[number];

/** The mean picture `[3,H,W]` of a dataset, pixel by pixel; what cannot be read is left out. `step` is told of each sample and may end it. */
export async function meanImage(
  dataset: Dataset,
  size: readonly [number, number],
  step: (id: string) => boolean,
): Promise<Tensor> {
  const sums = new Float64Array(3 * size[0] * size[1]);
  let count = 0;
  for (const [index, id] of dataset.ids.entries()) {
    if (!step(id)) break;
    try {
      (await dataset.load(index)).image.data.forEach((v, i) => (sums[i] += v));
      count++;
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
    }
  }
  return tensor(
    [3, ...size],
    sums.map((v) => v / Math.max(count, 1)),
  );
}

/** Gaussian noise around mid-grey, σ = 1/4, cut off at [0,1]; drawn anew for each sample from (seed, sample). */
export function noiseImage(seed: number, sample: string, size: readonly [number, number]): Tensor {
  const rng = createRng(seed, `apop/${sample}/noise`);
  const data = new Float32Array(3 * size[0] * size[1]);
  return tensor(
    [3, ...size],
    data.map(() => Math.min(Math.max(0.5 + 0.25 * rng.normal(), 0), 1)),
  );
}

/** A picture `[3,H,W]` of one value. */
export const plainImage = (value: number, size: readonly [number, number]): Tensor =>
  tensor([3, ...size], new Float32Array(3 * size[0] * size[1]).fill(value));
