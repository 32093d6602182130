import { add, div, mul, reduceMean, sqrt, sub, type Node } from '../graph/index.ts';

const epsilon = 1e-5;

/** Mean 0 and deviation 1 over the last axis, then a scale and an offset `[D]`: `[...,D]` -> `[...,D]`. */
export function layerNorm(x: Node, gamma: Node, beta: Node): Node {
  const centred = sub(x, reduceMean(x, [-1], true));
  const variance = reduceMean(mul(centred, centred), [-1], true);
  return add(mul(div(centred, sqrt(add(variance, epsilon))), gamma), beta);
}
