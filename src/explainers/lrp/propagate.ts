import * as g from '../../graph/index.ts';
import type { BackwardRule, Node } from '../../graph/index.ts';
import { isActivation } from '../../model/model.ts';
import { stableRatio } from '../stable-ratio.ts';
import { attentionRule } from './attention.ts';
import { isLinear, type LinearLayer } from './linear.ts';

/** Ops whose value is a selection or a rearrangement of their input's: relevance goes the way the gradient goes. */
const routing = new Set<Node['op']>([
  'maxPool',
  'reshape',
  'transpose',
  'slice',
  'concat',
  'pad',
  'gather',
  'poolGather',
  'expand',
]);

/** Ops that add up what comes in: each summand gets its proportion. */
const summing = new Set<Node['op']>(['add', 'sub', 'avgPool', 'reduceSum', 'reduceMean', 'matmul']);

/**
 * Activations that are not 0 at 0. What does not vanish with the input is like a bias and keeps its share; passed on whole, it
 * would blow up where a sum in front of the activation goes through 0.
 */
const offset = new Set<Node['op']>(['softplus', 'sigmoid']);

/** Only constants, and whatever is made of them alone, carry no relevance. */
const isFixed = (node: Node): boolean => node.op === 'constant';

const epsilon = 1e-6;

/**
 * Relevance propagation as a rule of the reverse pass, which then carries relevance instead of cotangents.
 *
 * Linear layers follow `linear`; activations and scalings pass relevance on; sums, averages and softplus share it in
 * proportion (ε rule); pooling and rearranging send it where the value came from; attention and
 * normalisation have AttnLRP's rules. Throws GraphError for an op without a rule.
 */
export function relevanceRule(
  linear: (layer: LinearLayer, relevance: Node) => Node,
  rectified: (node: Node) => boolean,
): BackwardRule {
  return (node, relevance) => {
    const attended = attentionRule(node, relevance, epsilon);
    if (attended) return attended;
    if (isLinear(node)) return [linear(node, relevance)];
    if (offset.has(node.op)) return proportional(node, relevance, node);
    if (isActivation(node)) return [relevance, null];
    if (routing.has(node.op)) return undefined;
    if (node.op === 'mul' || node.op === 'div') {
      const [x, y] = node.inputs;
      if (isFixed(y)) return [relevance, null];
      if (isFixed(x) && node.op === 'mul') return [null, relevance];
    }
    // The ReLU's value is at hand and its sign is known, which saves the passes that find the sign.
    if (summing.has(node.op)) return proportional(node, relevance, rectified(node) ? g.relu(node) : node);
    throw new g.GraphError(`LRP has no rule for ${node.op}${node.name ? ` (layer '${node.name}')` : ''}`);
  };
}

/** `x_i ⊙ (∂y/∂x_i)ᵀ (R / (y + ε))` for each summand; a constant summand keeps its share to itself. */
function proportional(node: Node, relevance: Node, y: Node): (Node | null)[] {
  const s = stableRatio(relevance, y, epsilon);
  return g.pullBack(node, s).map((t, i) => (t === null || isFixed(node.inputs[i]) ? null : g.mul(node.inputs[i], t)));
}
