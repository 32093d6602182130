import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { rebuild, type Model } from '../src/model/model.ts';

/**
 * An activation with its kink smoothed; undefined for one that has curvature of its own.
 *
 * ReLU6 and its like keep their upper end: as the last node they remain the activation that explainers look for, and below it
 * `clip(softplus(x))` explains as ReLU6 does. A difference of two softplus would be smooth at both ends and an activation no more.
 */
function smooth({ op, inputs, attrs }: Node, beta: Node): Node | undefined {
  const [x] = inputs;
  switch (op) {
    case 'relu':
      return g.softplus(x, beta);
    case 'leakyRelu':
      return g.add(g.mul(x, attrs.alpha), g.mul(g.softplus(x, beta), 1 - attrs.alpha));
    case 'clip':
      if (!Number.isFinite(attrs.min)) return undefined;
      return g.clip(g.add(g.softplus(g.sub(x, attrs.min), beta), attrs.min), attrs.min, attrs.max);
    default:
      return undefined;
  }
}

/**
 * A copy of the model with ReLU, leaky ReLU and clipping (ReLU6) smoothed by softplus of `beta`, so that the explanation has a gradient of its
 * own. Values depart from the activation's by at most log(2) / beta. Hard-swish, SiLU, GELU and the like stay: they are curved.
 */
export const smoothed = (model: Model, beta: Node): Model => rebuild(model, (node) => smooth(node, beta) ?? node);
