import { named, rewrite, type Node } from '../graph/index.ts';
import type { Model } from './classifier.ts';

/**
 * The model with some nodes replaced, e.g. a copy with softplus for relu: `replace` gets each node with its new inputs, and the node it
 * came from, and returns what takes its place. A replacement without a name takes over its original's.
 */
export function rebuild(model: Model, replace: (node: Node, original: Node) => Node): Model {
  const replaced = (node: Node, original: Node): Node => {
    const made = replace(node, original);
    const anonymous = made.name === undefined && original.name !== undefined && !node.inputs.includes(made);
    return anonymous ? named(made, original.name!) : made;
  };
  const names = [...model.layers.keys()];
  const [pixels, input, logits, ...layers] = rewrite(
    [model.pixels, model.input, model.logits, ...model.layers.values()],
    replaced,
  );
  return { ...model, pixels, input, logits, layers: new Map(names.map((name, i) => [name, layers[i]])) };
}
