import type { Tensor } from '@tensorflow/tfjs-core';
import type { Node, NodeOf, OpName } from '../../graph/index.ts';
import type { Tf } from './backend.ts';
import type { Forms, Value } from './value.ts';

/** What a lowering knows besides its operands. */
export interface Run {
  readonly tf: Tf;
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** Something made of an operand: made once and kept where the operand is a constant. The tag tells things made of one operand apart. */
  derived(operand: Node, tag: string, make: () => Tensor): Tensor;
  /** Evaluates another graph at the same batch size; the caller disposes of the result. */
  evaluate(output: Node, feeds: ReadonlyMap<Node, Value>): Value;
}

/** Computes an op's result by ops of TensorFlow.js. */
export type Lowering<K extends OpName> = (node: NodeOf<K>, inputs: readonly Value[], run: Run) => Forms;

export type Lowerings = { readonly [K in Exclude<OpName, 'input' | 'constant'>]: Lowering<K> };
