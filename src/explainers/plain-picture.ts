import { constant, substitute, type Node } from '../graph/index.ts';
import type { Model } from '../model/model.ts';

/** A picture of one pixel value in [0,1] after the model's preprocessing, `[1,3,1,1]`: black at 0, white at 1. */
export function plainPicture(model: Model, value: number): Node {
  const pixels = constant(new Float32Array(3).fill(value), [1, 3, 1, 1]);
  return substitute([model.input], new Map([[model.pixels, pixels]]))[0];
}
