import type { Node, OpAttrs, OpName } from '../../graph/index.ts';
import type { Value } from './value.ts';

/** What a kernel knows besides its operands. */
export interface Context {
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** Evaluates another graph at the same batch size. */
  evaluate(outputs: readonly Node[], feeds: ReadonlyMap<Node, Value>): Value[];
}

/** Computes the data of an op's result. */
export type Kernel<K extends OpName> = (inputs: readonly Value[], attrs: OpAttrs[K], context: Context) => Float64Array;

export type Kernels = { readonly [K in OpName]: Kernel<K> };
