import { constant, type Node } from '../graph/index.ts';

/** The identity matrix `[n,n]`: as a sequence of `sumOver`, its rows mark one channel after the other. */
export const identity = (n: number): Node =>
  constant(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    [n, n],
  );
