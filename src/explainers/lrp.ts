import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { defineExplainer } from './explainer.ts';
import { assignment, composites, rulesOf, type CompositeName } from './lrp/composites.ts';
import { relevanceOfInput } from './lrp/linear.ts';
import { relevanceRule } from './lrp/propagate.ts';
import { plainPicture } from './plain-picture.ts';

/** Nodes all of whose users are ReLUs: where their value is not positive, no relevance arrives. */
function rectifiedNodes(model: Model): (node: Node) => boolean {
  const users = new Map<Node, Node[]>();
  for (const node of g.topological([model.logits]))
    for (const i of node.inputs) users.set(i, [...(users.get(i) ?? []), node]);
  return (node) => users.get(node)?.every((user) => user.op === 'relu') ?? false;
}

/** The ends of the box [0,1] of pixel values after preprocessing, `[1,3,1,1]`. */
function pixelBox(model: Model): [low: Node, high: Node] {
  const [black, white] = [plainPicture(model, 0), plainPicture(model, 1)];
  return [g.minimum(black, white), g.maximum(black, white)];
}

/**
 * Layer-wise relevance propagation, `[N,C,H,W]`; starts with the logit, so without bias the relevances sum to it.
 * Composites are zennit's, whose maps start with 1 instead: ours are theirs times the logit. Throws UserError for a layer that is not there.
 */
export const lrp = defineExplainer({
  name: 'lrp',
  title: 'LRP',
  paper: 'doi:10.1371/journal.pone.0130140',
  options: z.strictObject({
    composite: z.enum(Object.keys(composites) as [CompositeName, ...CompositeName[]]).default('epsilon-plus'),
    /** Lines that go before those of the composite: the first line that a layer answers to is its rule. */
    rules: z.array(assignment).default([]),
    epsilon: z.number().nonnegative().default(1e-6),
    gamma: z.number().nonnegative().default(0.25),
  }),
  attribution({ model, target, options }) {
    const { composite, rules, epsilon, gamma } = options;
    const ruleFor = rulesOf(model, [...rules, ...composites[composite]], { epsilon, gamma, alpha: 2 });
    const around = { box: pixelBox(model), rectified: rectifiedNodes(model) };
    const rule = relevanceRule((layer, r) => relevanceOfInput(layer, r, ruleFor(layer), around), around.rectified);
    return g.backward([model.logits], [g.mul(model.logits, target)], [model.input], rule)[0];
  },
});
