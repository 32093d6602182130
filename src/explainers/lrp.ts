import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { defineExplainer } from './explainer.ts';
import { relevanceRule } from './lrp/propagate.ts';
import { plainPicture } from './plain-picture.ts';
import { epsilonRule, gammaRule, zBoxRule, zPlusRule, type LinearLayer, type Rule } from './lrp/rules.ts';

type Composite = (model: Model) => (layer: LinearLayer) => Rule;

/** The layers that the picture reaches before any other layer. */
function firstLayers(model: Model): Set<Node> {
  const exposed = new Set<Node>([model.input]);
  const first = new Set<Node>();
  for (const node of g.topological([model.logits])) {
    if (!node.inputs.some((i) => exposed.has(i))) continue;
    if (node.op === 'conv' || node.op === 'dense') first.add(node);
    else exposed.add(node);
  }
  return first;
}

/** Layers all of whose users are ReLUs: where their value is not positive, no relevance arrives. */
function followedByRelu(model: Model): (layer: Node) => boolean {
  const users = new Map<Node, Node[]>();
  for (const node of g.topological([model.logits]))
    for (const i of node.inputs) users.set(i, [...(users.get(i) ?? []), node]);
  return (layer) => (users.get(layer) ?? []).every((u) => u.op === 'relu') && users.has(layer);
}

/** The ends of the box [0,1] of pixel values after preprocessing, `[1,3,1,1]`. */
function pixelBox(model: Model): [low: Node, high: Node] {
  const [black, white] = [plainPicture(model, 0), plainPicture(model, 1)];
  return [g.minimum(black, white), g.maximum(black, white)];
}

const composites: Record<'epsilon-plus' | 'epsilon-gamma-box', Composite> = {
  'epsilon-plus': () => {
    const [plus, epsilon] = [zPlusRule(), epsilonRule()];
    return (layer) => (layer.op === 'conv' ? plus : epsilon);
  },
  'epsilon-gamma-box': (model) => {
    const first = firstLayers(model);
    const [box, gamma, epsilon] = [
      zBoxRule(...pixelBox(model)),
      gammaRule(0.25, 1e-6, followedByRelu(model)),
      epsilonRule(),
    ];
    return (layer) => (layer.op === 'dense' ? epsilon : first.has(layer) ? box : gamma);
  },
};

/**
 * Layer-wise relevance propagation, `[N,C,H,W]`; starts with the logit, so without bias the relevances sum to it.
 * Composites are named as in zennit, whose maps start with 1 instead: ours are theirs times the logit.
 */
export const lrp = defineExplainer({
  name: 'lrp',
  title: 'LRP',
  paper: 'doi:10.1371/journal.pone.0130140',
  options: z.strictObject({ composite: z.enum(['epsilon-plus', 'epsilon-gamma-box']).default('epsilon-plus') }),
  attribution({ model, target, options }) {
    const ruleFor = composites[options.composite](model);
    const relevance = g.mul(model.logits, target);
    return g.backward([model.logits], [relevance], [model.input], relevanceRule(ruleFor))[0];
  },
});
