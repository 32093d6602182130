import { add, mul, type Node } from '../../graph/index.ts';
import { along, axisOfOperand, channelAxis, isConstant, vectorAlong, type Vector } from './channels.ts';
import { biasOf, isLayer, outputOf, weightOf, withWeights } from './layer.ts';
import type { Rule, Sole } from './rule.ts';

/** The constant that a mul or add applies along an axis. */
export const operandAlong = (axis: number, x: Node): Vector | undefined =>
  x.op === 'mul' || x.op === 'add' ? vectorAlong(axis, x.inputs[1], x.inputs[0]) : undefined;

/** x times a constant along an axis, which goes into what comes before as far as it can. */
function scaled(x: Node, factor: Vector, axis: number, sole: Sole): Node {
  if (sole(x)) {
    if (isLayer(x) && channelAxis(x) === axis) {
      const channel = outputOf(x);
      const weight = Float32Array.from(weightOf(x).data, (w, i) => w * factor[channel(i)]);
      return withWeights(
        x,
        weight,
        biasOf(x).map((b, c) => b * factor[c]),
      );
    }
    const other = operandAlong(axis, x);
    if (other && x.op === 'mul')
      return scaled(
        x.inputs[0],
        factor.map((f, c) => f * other[c]),
        axis,
        sole,
      );
    if (other)
      return shifted(
        scaled(x.inputs[0], factor, axis, sole),
        other.map((o, c) => o * factor[c]),
        axis,
        sole,
      );
  }
  return mul(x, along(axis, factor, x));
}

/** x plus a constant along an axis, which goes into what comes before as far as it can. */
function shifted(x: Node, offset: Vector, axis: number, sole: Sole): Node {
  if (sole(x)) {
    if (isLayer(x) && channelAxis(x) === axis)
      return withWeights(
        x,
        Float32Array.from(weightOf(x).data),
        biasOf(x).map((b, c) => b + offset[c]),
      );
    const other = x.op === 'add' ? operandAlong(axis, x) : undefined;
    if (other)
      return shifted(
        x.inputs[0],
        offset.map((o, c) => o + other[c]),
        axis,
        sole,
      );
  }
  return add(x, along(axis, offset, x));
}

/** Whether something comes of folding a mul or add into x. */
function foldable(x: Node, op: 'mul' | 'add', axis: number, sole: Sole): boolean {
  if (!sole(x)) return false;
  if (isLayer(x)) return channelAxis(x) === axis;
  return operandAlong(axis, x) !== undefined && (x.op === 'add' || op === 'mul');
}

/**
 * Constant factors and offsets of channels, BatchNorm among them, become part of the layer before. What is left is one mul and one
 * add, each with its constant second.
 */
export const foldAffine: Rule = (node, sole) => {
  if (node.op !== 'mul' && node.op !== 'add' && node.op !== 'sub' && node.op !== 'div') return undefined;
  const [a, b] = node.inputs;
  const commutes = node.op === 'mul' || node.op === 'add';
  const swap = commutes && isConstant(a) && !isConstant(b);
  const [x, c] = swap ? [b, a] : [a, b];
  if (!isConstant(c) || isConstant(x)) return undefined;
  const axis = axisOfOperand(c, x);
  const v = vectorAlong(axis, c, x);
  if (!v) return undefined;
  if (node.op === 'sub')
    return shifted(
      x,
      v.map((o) => -o),
      axis,
      sole,
    );
  if (node.op === 'div')
    return scaled(
      x,
      v.map((f) => 1 / f),
      axis,
      sole,
    );
  if (!swap && !foldable(x, node.op, axis, sole)) return undefined;
  return node.op === 'mul' ? scaled(x, v, axis, sole) : shifted(x, v, axis, sole);
};
