import { add, mul, type Node } from '../../graph/index.ts';
import { along, axisOfOperand, channelAxis, isConstant, plus, times, vectorAlong, type Vector } from './channels.ts';
import { biasOf, isLayer, mapWeight, outputOf, withWeight } from './layer.ts';
import type { Rule, Sole } from './rule.ts';

/** The constant that a mul or add applies along an axis. */
export const operandAlong = (axis: number, x: Node): Vector | undefined =>
  x.op === 'mul' || x.op === 'add' ? vectorAlong(axis, x.inputs[1], x.inputs[0]) : undefined;

/** x times a constant along an axis, which goes into what comes before as far as it can. */
function scaled(x: Node, factor: Vector, axis: number, sole: Sole): Node {
  if (sole(x)) {
    if (isLayer(x) && channelAxis(x) === axis) {
      const channel = outputOf(x);
      const weight = mapWeight(x, (w, i) => w * factor[channel(i)]);
      return withWeight(x, weight, times(biasOf(x), factor));
    }
    const other = operandAlong(axis, x);
    if (other && x.op === 'mul') return scaled(x.inputs[0], times(factor, other), axis, sole);
    if (other) return shifted(scaled(x.inputs[0], factor, axis, sole), times(other, factor), axis, sole);
  }
  return mul(x, along(axis, factor, x));
}

/** x plus a constant along an axis, which goes into what comes before as far as it can. */
function shifted(x: Node, offset: Vector, axis: number, sole: Sole): Node {
  if (sole(x)) {
    if (isLayer(x) && channelAxis(x) === axis) return withWeight(x, x.inputs[1], plus(biasOf(x), offset));
    const other = x.op === 'add' ? operandAlong(axis, x) : undefined;
    if (other) return shifted(x.inputs[0], plus(offset, other), axis, sole);
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
  if (commutes && !swap && !foldable(x, node.op, axis, sole)) return undefined;
  switch (node.op) {
    case 'mul':
      return scaled(x, v, axis, sole);
    case 'add':
      return shifted(x, v, axis, sole);
    case 'sub':
      return shifted(x, negated(v), axis, sole);
    case 'div':
      return scaled(x, inverse(v), axis, sole);
  }
};

const negated = (v: Vector): Vector => v.map((o) => -o);
const inverse = (v: Vector): Vector => v.map((f) => 1 / f);
