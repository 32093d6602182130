import type { NodeOf, OpName } from '../../graph/index.ts';
import type { Emitter } from './context.ts';

/** How one op is said in ONNX: emits nodes for it, given the names of its inputs, and returns the name of its value. */
export type Lowering<K extends OpName> = (node: NodeOf<K>, inputs: readonly string[], e: Emitter) => string;

/** Lowerings of a family of ops. */
export type Lowerings = { readonly [K in OpName]?: Lowering<K> };
