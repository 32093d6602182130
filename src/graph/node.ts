import { formatShape } from './shape.ts';
import type { Node, NodeOf, OpAttrs, OpName, TensorType } from './attrs.ts';

export type { DType, Node, NodeOf, TensorType } from './attrs.ts';

/** A shape or type that an operation does not accept; the message names op, input shapes and layer. */
export class GraphError extends Error {
  override name = 'GraphError';
}

/** What the graph knows of an operation: its shape rule and its derivative, side by side. */
export interface Op<K extends OpName> {
  readonly op: K;
  /** The type of the result. Throws RangeError with what is wrong. */
  type(inputs: readonly Node[], attrs: OpAttrs[K]): TensorType;
  /**
   * For each input, how to make the cotangent of that input out of the cotangent `g` of the result; null where the result
   * does not depend differentiably on it.
   */
  derivative?(node: NodeOf<K>, g: Node): readonly ((() => Node) | null)[];
}

const ops = new Map<OpName, Op<OpName>>();

/** Adds entries to the op table. */
export function register(...entries: { [K in OpName]: Op<K> }[OpName][]): void {
  for (const entry of entries) ops.set(entry.op, entry as unknown as Op<OpName>);
}

/** The op table's entry. */
export function opOf(name: OpName): Op<OpName> {
  const entry = ops.get(name);
  if (!entry) throw new GraphError(`no op '${name}' in the op table`);
  return entry;
}

/** The names in the op table. */
export const opNames = (): OpName[] => [...ops.keys()];

/** Runs a check of an op's operands, and turns what it finds wrong into a GraphError that names op, shapes and layer. */
export function checked<T>(op: OpName, inputs: readonly Node[], check: () => T, name?: string): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const where = name === undefined ? '' : ` (layer '${name}')`;
    const shapes = inputs.map((i) => formatShape(i.shape)).join(', ');
    throw new GraphError(`${op}${where} of ${shapes}: ${error.message}`, { cause: error });
  }
}

/** Makes a node, inferring its type. Throws GraphError where the op does not accept the inputs. */
export function apply<K extends OpName>(op: K, inputs: readonly Node[], attrs: OpAttrs[K], name?: string): Node {
  const type = checked(op, inputs, () => opOf(op).type(inputs, attrs as OpAttrs[OpName]), name);
  return { op, inputs, attrs, ...type, ...(name === undefined ? {} : { name }) } as Node;
}

/** The same node under a layer name. */
export const named = <T extends Node>(node: T, name: string): T => ({ ...node, name });

/** The same operation on other inputs; the node itself where nothing changed. */
export function withInputs(node: Node, inputs: readonly Node[]): Node {
  if (inputs.every((n, i) => n === node.inputs[i])) return node;
  return apply(node.op, inputs, node.attrs, node.name);
}
