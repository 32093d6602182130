import { add, div, maximum, mul, reduceMean, reshape, sqrt, sub, type Node } from '../graph/index.ts';

/** Keeps the division safe for a channel that hardly varies. */
export const normEpsilon = 1e-5;

export interface Normalised {
  readonly y: Node;
  /** `[C]` */
  readonly mean: Node;
  /** `[C]`, biased: divided by the number of values. */
  readonly variance: Node;
}

/** Batch normalisation with the batch's own statistics: x `[N,C,H,W]`, gamma and beta `[C]`. */
export function batchNorm(x: Node, gamma: Node, beta: Node): Normalised {
  const mean = reduceMean(x, [0, 2, 3]);
  // The mean square less the squared mean, and one scale and one offset for each channel: fewer passes over the picture than
  // centring it first. Convolutions of preprocessed pictures have means small enough for float32.
  const variance = maximum(sub(reduceMean(mul(x, x), [0, 2, 3]), mul(mean, mean)), 0);
  const scale = div(gamma, sqrt(add(variance, normEpsilon)));
  const offset = sub(beta, mul(mean, scale));
  const along = (v: Node) => reshape(v, [1, v.shape[0], 1, 1]);
  return { y: add(mul(x, along(scale)), along(offset)), mean, variance };
}
