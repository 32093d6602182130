import { argMax, at, oneHot, rowsOf, stack, type Tensor } from '../src/numeric/tensor.ts';

/** A class as a row `[K]` that is 1 there. */
export const classRow = (index: number, classes: number): Tensor => at(oneHot(index, classes), 0);

/** Classes as rows `[N,K]`, one a sample. */
export const classRows = (indices: readonly number[], classes: number): Tensor =>
  stack(indices.map((index) => classRow(index, classes)));

/** The predicted class of each row of logits or probabilities `[N,K]`. */
export const labelsOf = (scores: Tensor): number[] => rowsOf(scores).map(({ data }) => argMax(data));

/** The classes but one, the most probable first. */
export const otherClasses = (logits: Float32Array, but: number): number[] =>
  [...logits.keys()].filter((k) => k !== but).sort((a, b) => logits[b] - logits[a]);
