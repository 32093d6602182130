import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import { isActivation } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { targetLogit, type AttributionContext } from './explainer.ts';
import { targetLayer } from './layers.ts';
import { stableRatio } from './stable-ratio.ts';

/** Options that SRD and SRD-APOP share; where the paper leaves a choice open, the default is the first named. */
export const sharingRatioOptions = z.strictObject({
  /** Target layer; by default the last activation with more than one position. */
  layer: z.string().optional(),
  /** What the bias of a linear piece gets: its share is lost, or the shares of the others are scaled up to sum to 1. */
  bias: z.enum(['ignore', 'renormalise']).default('ignore'),
  /** Relevance of a target position: the gradient times the feature vector after (`post`) or before (`pre`) the activation. */
  relevance: z.enum(['post', 'pre']).default('post'),
});
export type SharingRatioOptions = z.infer<typeof sharingRatioOptions>;

/** The vector q that shares are measured along, from a pointwise feature vector before (z) and after (a) its activation. */
export type Direction = (before: Node, after: Node) => Node;

const tiny = 1e-9;

/** Inner product over channels at each position: `[N,C,H,W]` x2 -> `[N,1,H,W]`. */
const inner = (a: Node, b: Node): Node => g.reduceSum(g.mul(a, b), [1], true);

/** A vanishing feature vector passes nothing on. */
const ratio = (relevance: Node, norm: Node): Node => stableRatio(relevance, norm, tiny);

/** What the biases of the linear piece in front of z contribute to it: its value with all earlier activations at zero. */
function biasOf(before: Node, input: Node): Node {
  const order = g.topological([before]);
  const sources = order.filter((n) => n !== before && (n === input || (isActivation(n) && n.shape.length === 4)));
  const silent = (n: Node) => g.zeros([1, ...n.shape.slice(1).map((_, i) => g.sizeAlong(n, i + 1))]);
  const [bias] = g.substitute([before], new Map(sources.map((n) => [n, silent(n)])));
  return bias;
}

/**
 * Saliency by sharing ratio decomposition as one reverse pass.
 *
 * Linear pieces use their transposed map. At an activation, with cotangent t of its result a = σ(z) at a position:
 * `R = ⟨a, t⟩`, then `t ← R q / ⟨z, q⟩`. At the input the attribution is `x ⊙ t`, `[N,C,H,W]`; its sum over channels is φ_c.
 * Source: Han, Kim, Kwak, arXiv:2402.03348, sections 3.1-3.2, rearranged from the forward recursion of effective receptive fields.
 */
export function sharingRatioAttribution(context: AttributionContext<SharingRatioOptions>, direction: Direction): Node {
  const { model, target, options } = context;
  const layer = targetLayer(model, options.layer);
  const parts = layer.op === 'concat' ? layer.inputs : [layer];
  if (!parts.every(isActivation))
    throw new UserError(
      `SRD starts at an activation or at a concatenation of activations; '${options.layer}' is ${layer.op}`,
    );

  const norm = (before: Node, q: Node) =>
    inner(options.bias === 'renormalise' ? g.sub(before, biasOf(before, model.input)) : before, q);

  const before = parts.map((p) => p.inputs[0]);
  const q = parts.map((p) => direction(p.inputs[0], p));
  const [gradient] = g.grad(targetLogit(model, target), [layer]);
  const relevance = inner(gradient, options.relevance === 'post' ? layer : g.concat(before, 1));
  const share = ratio(relevance, before.map((z, i) => norm(z, q[i])).reduce(g.add));

  const [cotangent] = g.backward(
    before,
    q.map((part) => g.mul(part, share)),
    [model.input],
    (node, t) => {
      if (!isActivation(node) || node.shape.length !== 4) return undefined;
      const z = node.inputs[0];
      const along = direction(z, node);
      return [g.mul(along, ratio(inner(node, t), norm(z, along)))];
    },
  );
  return g.mul(model.input, cotangent);
}
