import { dense, type Node } from '../../graph/index.ts';
import { isConstant } from './channels.ts';
import type { Rule } from './rule.ts';

/** A product with a constant matrix is a dense layer; a bias added to it is folded in as any offset is. */
export const matmulToDense: Rule = (node) => {
  const [x, w] = node.inputs as readonly Node[];
  return node.op === 'matmul' && isConstant(w) && w.shape.length === 2 && !isConstant(x) ? dense(x, w) : undefined;
};
