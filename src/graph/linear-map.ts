import type { OpName } from './attrs.ts';
import { reshape } from './build.ts';
import { apply, type Node } from './node.ts';
import { sameShape } from './shape.ts';

/** Ops that are linear in an operand, and in which. */
const linearIn: Partial<Record<OpName, readonly number[]>> = {
  neg: [0],
  mul: [0, 1],
  div: [0],
  conv: [0, 1],
  convInput: [0, 1],
  convWeight: [0, 1],
  dense: [0, 1],
  matmul: [0, 1],
  poolGather: [0],
  poolScatter: [0],
  avgPool: [0],
  avgPoolInput: [0],
  reduceSum: [0],
  reduceMean: [0],
  reshape: [0],
  transpose: [0],
  expand: [0],
  slice: [0],
  pad: [0],
  gather: [0],
  scatterAdd: [0],
};

/** A node as a linear map of one operand, plus a bias where it has one. */
export interface LinearMap {
  readonly operand: Node;
  readonly bias?: Node;
  /** The linear map, without the bias, of another operand of the same shape. */
  of(x: Node): Node;
}

/** A node as a linear map of its only operand that varies; undefined where it is none. */
export function linearMap(node: Node, varying: ReadonlySet<Node>): LinearMap | undefined {
  const at = node.inputs.findIndex((x) => varying.has(x));
  const several = node.inputs.some((x, i) => i !== at && varying.has(x));
  if (several || !linearIn[node.op]?.includes(at) || (node.op === 'pad' && node.attrs.value !== 0)) return undefined;
  const operands = node.inputs.slice(0, 2);
  const bias = node.op === 'conv' || node.op === 'dense' ? node.inputs.at(2) : undefined;
  return {
    operand: operands[at],
    bias: bias && node.op === 'conv' ? reshape(bias, [...bias.shape, 1, 1]) : bias,
    of: (x) => apply(node.op, operands.with(at, x), node.attrs, node.name),
  };
}

const isNumber = (x: Node): boolean => x.shape.every((d) => d === 1);

/** A node as the product of a value of its shape and a number that varies. */
export function timesNumber(
  { op, inputs, shape }: Node,
  varying: ReadonlySet<Node>,
): { readonly x: Node; readonly number: Node } | undefined {
  if (op !== 'mul') return undefined;
  const [x, number] = isNumber(inputs[0]) ? [inputs[1], inputs[0]] : inputs;
  const found = isNumber(number) && varying.has(number) && sameShape(x.shape, shape);
  return found ? { x, number: reshape(number, []) } : undefined;
}
