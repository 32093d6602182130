import { at, oneHot, type Tensor } from '../src/numeric/tensor.ts';

/** A class as a row `[K]` that is 1 there. */
export const classRow = (index: number, classes: number): Tensor => at(oneHot(index, classes), 0);

/** The classes but one, the most probable first. */
export const otherClasses = (logits: Float32Array, but: number): number[] =>
  [...logits.keys()].filter((k) => k !== but).sort((a, b) => logits[b] - logits[a]);
