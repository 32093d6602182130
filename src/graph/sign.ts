import { constant } from './build.ts';
import type { Node } from './node.ts';

/** Whether no value of a node can be negative, as far as its making tells. */
export function isNonNegative(node: Node): boolean {
  switch (node.op) {
    case 'relu':
    case 'sigmoid':
    case 'softplus':
    case 'softmax':
    case 'exp':
    case 'abs':
    case 'sqrt':
      return true;
    case 'clip':
      return node.attrs.min >= 0;
    case 'constant':
      return node.attrs.data.every((v) => v >= 0);
    case 'maxPool':
    case 'avgPool':
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
    case 'reshape':
    case 'transpose':
    case 'expand':
    case 'slice':
    case 'concat':
    case 'add':
      return node.inputs.every(isNonNegative);
    case 'mul':
    case 'div':
      return sameSign(node.inputs[0], node.inputs[1]) || node.inputs.every(isNonNegative);
    case 'pad':
      return node.attrs.value >= 0 && isNonNegative(node.inputs[0]);
    default:
      return false;
  }
}

/** Activations whose result never has the other sign than what they are applied to. */
const keepsSign = new Set<Node['op']>([
  'relu',
  'leakyRelu',
  'elu',
  'gelu',
  'silu',
  'hardSwish',
  'mish',
  'tanh',
  'clip',
]);

/** Whether two values have one sign because they are the same, or one is an activation of the other. */
function sameSign(a: Node, b: Node): boolean {
  const activates = (x: Node, y: Node) =>
    keepsSign.has(x.op) && x.inputs[0] === y && (x.op !== 'clip' || (x.attrs.min <= 0 && x.attrs.max >= 0));
  return a === b || activates(a, b) || activates(b, a);
}

/** A constant with each value replaced. Throws RangeError for a node that is no constant. */
export function mapConstant(node: Node, f: (value: number) => number): Node {
  if (node.op !== 'constant') throw new RangeError(`expected a constant, got ${node.op}`);
  return constant(node.attrs.data.map(f), node.attrs.shape);
}
