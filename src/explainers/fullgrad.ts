import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import { isActivation, type Model } from '../model/model.ts';
import { overChannels, toPicture } from './cam.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/** What a node adds that is not linear in its input; undefined where that is nothing. */
function biasOf(node: Node, varies: (n: Node) => boolean): Node | undefined {
  if ((node.op === 'conv' || node.op === 'dense') && node.inputs.length > 2) {
    const bias = node.inputs[2];
    return node.op === 'conv' ? g.reshape(bias, [1, bias.shape[0], 1, 1]) : bias;
  }
  if ((node.op === 'add' || node.op === 'sub') && !node.inputs.every(varies)) {
    const [first, second] = node.inputs;
    if (varies(second)) return first;
    return node.op === 'add' ? second : g.neg(second);
  }
  if (!isActivation(node) || node.op === 'relu' || node.op === 'leakyRelu') return undefined;
  const [slope] = g.pullBack(node, g.full(node, 1));
  return g.sub(node, g.mul(slope!, node.inputs[0]));
}

/**
 * The terms of the full-gradient decomposition: `x ⊙ ∇_x y` first, `[N,C,H,W]`, then `b ⊙ ∇_b y` of each bias in the shape of its layer's
 * result. They sum to the logit for nets of linear layers, pools and activations; the implicit bias of an activation is `σ(z) - σ'(z) z`.
 */
export function fullGradientTerms(model: Model, target: Node): Node[] {
  const onTheWay = g.between([model.input], [model.logits]);
  const varies = (n: Node) => onTheWay.has(n);
  const biases = g.topological([model.logits]).flatMap((node) => {
    const bias = varies(node) && node !== model.input ? biasOf(node, varies) : undefined;
    return bias ? [{ node, bias }] : [];
  });
  const gradients = g.grad(targetLogit(model, target), [model.input, ...biases.map(({ node }) => node)]);
  return [model.input, ...biases.map(({ bias }) => bias)].map((value, i) => g.mul(gradients[i], value));
}

/** Values `[N,C,h,w]` >= 0 brought to [0,1], over all of a picture's or over each channel's own; zeros stay zeros. */
function stretched(map: Node, axes: readonly number[]): Node {
  const raised = g.sub(map, g.neg(g.reduceMax(g.neg(map), axes, true)));
  return g.div(raised, g.add(g.reduceMax(raised, axes, true), 1e-12));
}

/**
 * Sum of the absolute full-gradient terms that have positions, each brought to [0,1], summed over channels and resized bilinearly;
 * `[N,1,H,W]`, >= 0. Biases of dense layers have no place in a picture, as in the authors' code. BatchNorm is folded, so its offset is a bias.
 */
export const fullgrad = defineExplainer({
  name: 'fullgrad',
  title: 'FullGrad',
  paper: 'arXiv:1905.00780',
  options: z.strictObject({
    /** What is brought to [0,1] at a time: a layer's values (the authors' code) or each channel's (pytorch_grad_cam). */
    rescale: z.enum(['layer', 'channel']).default('layer'),
  }),
  attribution({ model, target, options }) {
    const axes = options.rescale === 'layer' ? [1, 2, 3] : [2, 3];
    return fullGradientTerms(model, target)
      .filter((term) => term.shape.length === 4)
      .map((term) => toPicture(overChannels(stretched(g.abs(term), axes)), model))
      .reduce((a, b) => g.add(a, b));
  },
});
