import { constant, scalar, type Node, type NodeOf } from '../../graph/index.ts';

/** One number for each entry along one axis of a node. */
export type Vector = Float64Array;

/** Whether a node is a constant of floats. */
export const isConstant = (x: Node | undefined): x is NodeOf<'constant'> =>
  x?.op === 'constant' && x.dtype === 'float32';

/** The axis of channels or features: the last of what a dense layer returns, else 1 of `[N,C,...]`. */
export const channelAxis = (x: Node): number => (x.op === 'dense' || x.op === 'matmul' ? x.shape.length - 1 : 1);

/** The one axis of x along which a constant operand varies; that of the channels for a constant of a single value. */
export function axisOfOperand(c: NodeOf<'constant'>, x: Node): number {
  const varying = c.attrs.shape.findIndex((d) => d !== 1);
  return varying < 0 ? channelAxis(x) : varying + x.shape.length - c.shape.length;
}

/** A constant operand of x as one number for each entry along an axis of x; undefined where it is not of that form. */
export function vectorAlong(axis: number, c: Node | undefined, x: Node): Vector | undefined {
  const size = x.shape[axis];
  if (!isConstant(c) || c.shape.length > x.shape.length || typeof size !== 'number') return undefined;
  const { data, shape } = c.attrs;
  const lead = x.shape.length - shape.length;
  if (shape.some((d, i) => d !== 1 && i + lead !== axis)) return undefined;
  if (data.length !== 1 && data.length !== size) return undefined;
  return Float64Array.from({ length: size }, (_, i) => data[data.length === 1 ? 0 : i]);
}

/** A vector as a constant that broadcasts along an axis of x: a scalar where its numbers are all the same. */
export function along(axis: number, v: Vector, x: Node): Node {
  if (v.every((n) => n === v[0])) return scalar(v[0]);
  return constant(
    Float32Array.from(v),
    x.shape.map((_, i) => (i === axis ? v.length : 1)),
  );
}

export const times = (a: Vector, b: Vector): Vector => a.map((v, i) => v * b[i]);
export const plus = (a: Vector, b: Vector): Vector => a.map((v, i) => v + b[i]);
