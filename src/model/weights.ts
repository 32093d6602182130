import { topological, type Node } from '../graph/index.ts';
import { UserError } from '../numeric/errors.ts';
import { isLayer, type Layer } from './canonical/layer.ts';
import type { Model } from './classifier.ts';

/** The layers whose weights and biases are known, by name, in topological order; a layer without a name of its own gets one from its place. */
export function weightLayers({ logits }: Pick<Model, 'logits'>): Map<string, Layer> {
  const layers = new Map<string, Layer>();
  topological([logits]).forEach((node, place) => {
    if (!isLayer(node)) return;
    const { name = node.op } = node;
    layers.set(node.name === undefined || layers.has(name) ? `${name}#${place}` : name, node);
  });
  return layers;
}

/**
 * An inner representation of the picture, `[N,...]`: a named layer, or by default the penultimate one, the input of the last layer with
 * weights. Throws UserError with the names there are for one that is not, and where there is no layer with weights.
 */
export function representationOf(model: Model, name?: string): Node {
  if (name === undefined) {
    const last = [...weightLayers(model).values()].at(-1);
    if (!last) throw new UserError(`model '${model.name}' has no layer with weights; name the layer to look at`);
    return last.inputs[0];
  }
  const layer = model.layers.get(name);
  if (!layer)
    throw new UserError(`model '${model.name}' has no layer '${name}'; it has ${[...model.layers.keys()].join(', ')}`);
  return layer;
}
