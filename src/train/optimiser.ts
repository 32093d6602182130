import type { Node } from '../graph/index.ts';

/** A way to move parameters along their gradients, as graph. */
export interface Optimiser {
  /** What is kept beside each parameter, in its shape; zeros at first. */
  readonly memory: readonly string[];
  /**
   * The new parameter and memory. `rate` and `time` are scalar nodes; `time` counts steps from 1. `decay` is the strength of weight
   * decay.
   */
  step(
    parameter: Node,
    memory: readonly Node[],
    gradient: Node,
    rate: Node,
    decay: number,
    time: Node,
  ): { readonly parameter: Node; readonly memory: readonly Node[] };
}
