import { cast, greater, maxPoolIndices, mul, poolGather, rewrite, where, type Node } from '../graph/index.ts';
import { isActivation, type Model } from '../model/model.ts';

/** Which value a max pool passes on: the largest of what it gets itself, or the one at the place recorded for the picture. */
export type Pooling = 'own' | 'recorded';

/** What an activation multiplies with: 1 where its input was positive and else 0, or LeakyReLU's slope. */
function recordedPattern(activation: Node): Node {
  const on = greater(activation.inputs[0], 0);
  return activation.op === 'leakyRelu' ? where(on, 1, activation.attrs.alpha) : cast(on, 'float32');
}

/**
 * Activation-pattern-only prediction: the logits `[N,K]` of a reference `[N,3,H,W]` (pixels in [0,1]) that goes through the weights of the
 * model while every activation is replaced by multiplication with its pattern for `model.pixels`: on where its input is positive.
 * ReLU6 and smooth activations have the same pattern; they lose their bend. Source: Han, Kim, Kwak, arXiv:2402.03348.
 */
export function patternLogits(model: Model, reference: Node, pooling: Pooling): Node {
  const [logits] = rewrite([model.logits], (node, original) => {
    if (original === model.pixels) return reference;
    if (isActivation(original)) return mul(node.inputs[0], recordedPattern(original));
    if (original.op === 'maxPool' && pooling === 'recorded')
      return poolGather(node.inputs[0], maxPoolIndices(original.inputs[0], original.attrs));
    return node;
  });
  return logits;
}
