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
    case 'pad':
      return node.attrs.value >= 0 && isNonNegative(node.inputs[0]);
    default:
      return false;
  }
}

/** A constant with each value replaced. Throws RangeError for a node that is no constant. */
export function mapConstant(node: Node, f: (value: number) => number): Node {
  if (node.op !== 'constant') throw new RangeError(`expected a constant, got ${node.op}`);
  return constant(node.attrs.data.map(f), node.attrs.shape);
}
