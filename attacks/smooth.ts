import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { rebuild, type Model } from '../src/model/model.ts';

/** A copy of the model with ReLU smoothed, so that the explanation has a gradient of its own. */
export const smoothed = (model: Model, beta: Node): Model =>
  rebuild(model, (node) =>
    node.op === 'relu' ? g.named(g.softplus(node.inputs[0], beta), node.name ?? 'softplus') : node,
  );
