import * as g from '../graph/index.ts';
import type { BackwardRule, Node } from '../graph/index.ts';
import { isActivation, type Model } from '../model/model.ts';

/** Rearrangements, and operations with a constant, behind which a value is what it was. */
function origin(node: Node): Node {
  const [x, y] = node.inputs;
  if (node.op === 'reshape' || node.op === 'transpose' || node.op === 'expand' || node.op === 'slice') return origin(x);
  if (node.op === 'mul' || node.op === 'add') {
    if (y.op === 'constant') return origin(x);
    if (x.op === 'constant') return origin(y);
  }
  return node;
}

const isSquashed = (node: Node): boolean =>
  ['softmax', 'sigmoid', 'tanh'].includes(node.op) || (node.op === 'clip' && Number.isFinite(node.attrs.max));

/** Which of the two operands of a product only weighs the other; undefined where both have one standing. */
function gateOf(node: Node): 0 | 1 | undefined {
  const whole = node.inputs.map((x) => node.op === 'matmul' || g.sameShape(x.shape, node.shape));
  if (whole[0] !== whole[1]) return whole[0] ? 1 : 0;
  for (const weighs of [isSquashed, isActivation]) {
    const [a, b] = node.inputs.map((x) => weighs(origin(x)));
    if (a !== b) return a ? 0 : 1;
  }
  return undefined;
}

/**
 * The reverse pass with every factor that depends on the picture held fixed, as max pooling's argmax is: denominators
 * (normalisation), attention weights (softmax), gates. What is left is linear, and cotangents go to the values alone.
 *
 * A gate is the operand of a product that is broadcast (one number a channel or a position), else the one made by a squashing
 * function, else the one made by an activation. Two operands of one standing share the cotangent in halves.
 */
export function routing(model: Model): BackwardRule {
  const varying = new Set<Node>([model.input]);
  for (const node of g.topological([model.logits])) if (node.inputs.some((i) => varying.has(i))) varying.add(node);
  return (node, t) => {
    if (node.op === 'softmax') return [null];
    const isProduct = node.op === 'mul' || node.op === 'matmul';
    if ((!isProduct && node.op !== 'div') || !node.inputs.every((i) => varying.has(i))) return undefined;
    const gate = isProduct ? gateOf(node) : 1;
    return g.pullBack(node, t).map((own, i) => {
      if (gate === undefined) return own && g.mul(own, 0.5);
      return i === gate ? null : own;
    });
  };
}
