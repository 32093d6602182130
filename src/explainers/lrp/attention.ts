import * as g from '../../graph/index.ts';
import type { Node } from '../../graph/index.ts';
import { stableRatio } from '../stable-ratio.ts';

/** `x ⊙ (R - s ΣR)` for s = softmax(x): the first-order Taylor expansion at x, whose constant term keeps its share. */
function softmaxRule(x: Node, s: Node, relevance: Node, axis: number): Node {
  return g.mul(x, g.sub(relevance, g.mul(s, g.reduceSum(relevance, [axis], true))));
}

/** Each term `A_ji V_ip` gets its proportion of the sum and shares it evenly between its two factors. */
function productRule(node: Node, relevance: Node, epsilon: number): Node[] {
  const s = stableRatio(relevance, g.mul(node, 2), epsilon);
  return g.pullBack(node, s).map((t, i) => g.mul(node.inputs[i], t!));
}

/**
 * AttnLRP's rules for what only transformers have (Achtibat et al., arXiv:2402.05602, sections 3.2-3.3): relevance of the inputs of a
 * softmax, of a product of two values, and of a normalisation `x / σ(x)`, whose σ counts as a constant. Undefined for other nodes.
 */
export function attentionRule(node: Node, relevance: Node, epsilon: number): readonly (Node | null)[] | undefined {
  const [x, y] = node.inputs;
  if (node.op === 'softmax') return [softmaxRule(x, node, relevance, node.attrs.axis)];
  if ((node.op !== 'matmul' && node.op !== 'div') || x.op === 'constant' || y.op === 'constant') return undefined;
  return node.op === 'matmul' ? productRule(node, relevance, epsilon) : [relevance, null];
}
