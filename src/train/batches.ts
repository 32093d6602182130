import type { Rng } from '../numeric/random.ts';
import { tensor, type Tensor } from '../numeric/tensor.ts';
import { augment } from './augment.ts';
import type { TrainingSet } from './training-set.ts';

export interface Batch {
  /** `[size of the batch,3,H,W]`, preprocessed. */
  readonly pixels: Tensor;
  /** One-hot, `[size of the batch,classes]`. */
  readonly labels: Tensor;
}

/** One pass over the set in random order, in batches of a fixed size; pictures left over wait for another pass. */
export function* batches(set: TrainingSet, size: number, rng: Rng): Generator<Batch> {
  const order = rng.shuffle(Uint32Array.from({ length: set.count }, (_, i) => i));
  const values = 3 * set.size * set.size;
  for (let start = 0; start + size <= set.count; start += size) {
    const pixels = tensor([size, 3, set.size, set.size]);
    const labels = tensor([size, set.classes.length]);
    for (let k = 0; k < size; k++) {
      const i = order[start + k];
      const picture = set.pixels.subarray(i * values, (i + 1) * values);
      augment(rng, picture, set.size, pixels.data.subarray(k * values, (k + 1) * values));
      labels.data[k * set.classes.length + set.labels[i]] = 1;
    }
    yield { pixels, labels };
  }
}
