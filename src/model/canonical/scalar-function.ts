import { erf } from '../../numeric/erf.ts';
import type { Node } from '../../graph/index.ts';
import { isConstant } from './channels.ts';

/** Element-wise operations on plain numbers. */
const functions: { readonly [op: string]: ((...x: number[]) => number) | undefined } = {
  neg: (x) => -x,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  erf,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  relu: (x) => Math.max(x, 0),
  hardSwish: (x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
  mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  softplus: (x, beta) => Math.log1p(Math.exp(beta * x)) / beta,
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  pow: (x, y) => x ** y,
  clip: (x, min, max) => Math.min(Math.max(x, min), max),
  minimum: Math.min,
  maximum: Math.max,
};

/** The value of a node at a value of `leaf`; undefined where the node is no element-wise function, with scalar constants, of `leaf` alone. */
export function evaluateAt(node: Node, leaf: Node, x: number, depth: number): number | undefined {
  if (node === leaf) return x;
  if (isConstant(node)) return node.attrs.data.length === 1 ? node.attrs.data[0] : undefined;
  const f = functions[node.op];
  if (!f || depth === 0) return undefined;
  const values = node.inputs.map((i) => evaluateAt(i, leaf, x, depth - 1));
  const bounds = node.op === 'clip' ? [node.attrs.min, node.attrs.max] : [];
  return values.every((v) => v !== undefined) ? f(...values, ...bounds) : undefined;
}

export const isElementwise = (node: Node): boolean => node.op in functions;
