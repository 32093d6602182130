import { between, formatShape, reshape, sizeAlong, slice, topological, transpose, type Node } from '../graph/index.ts';
import { featureAxis, gridOf, isActivation, type Grid, type Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';

const spread = (grid: Grid | undefined): grid is Grid => grid !== undefined && grid.rows * grid.columns > 1;

/** The activations that a layer is, or joins by concatenating their features; undefined for any other layer. */
export function joinedActivations(layer: Node): Node[] | undefined {
  if (isActivation(layer)) return [layer];
  if (layer.op !== 'concat' || layer.attrs.axis !== featureAxis(layer)) return undefined;
  const parts = layer.inputs.map(joinedActivations);
  return parts.every((p) => p !== undefined) ? parts.flat() : undefined;
}

/** Nodes of an order that everything goes through: no later node uses an earlier one. */
function bottlenecks(order: readonly Node[]): Set<Node> {
  const lastUse = new Map<Node, number>();
  order.forEach((node, i) => node.inputs.forEach((input) => lastUse.set(input, i)));
  const found = new Set<Node>();
  let reach = 0;
  order.forEach((node, i) => {
    if (reach <= i) found.add(node);
    reach = Math.max(reach, lastUse.get(node) ?? 0);
  });
  return found;
}

/**
 * The last activation with more than one position, or the concatenation that joins several of them there (VGG-16: relu5_3;
 * ResNet-50: the input of the global average pool). Where a skip connection passes by it (ConvNeXt, ViT), the first node behind it
 * that everything goes through: the sum at the end of the last block.
 */
function lastSpatialLayer(model: Model): Node {
  const onTheWay = between([model.input], [model.logits]);
  const order = topological([model.logits]).filter((n) => onTheWay.has(n));
  const isSpatial = (n: Node) => spread(gridOf(n, model.size));
  const last = order.findLastIndex((n) => joinedActivations(n) !== undefined && isSpatial(n));
  if (last < 0)
    throw new UserError(`model '${model.name}' has no activation with more than one position to explain at`);
  const through = bottlenecks(order);
  return order.slice(last).find((n) => through.has(n) && isSpatial(n)) ?? order[last];
}

/**
 * The named layer, or the default one; the target layer of SRD and of the CAM family. Throws UserError with the names there are.
 */
export function targetLayer(model: Model, name?: string): Node {
  if (name === undefined) return lastSpatialLayer(model);
  const layer = model.layers.get(name);
  if (layer && spread(gridOf(layer, model.size))) return layer;
  const known = [...model.layers].flatMap(([key, node]) => {
    const grid = gridOf(node, model.size);
    return spread(grid) ? [`${key} (${grid.rows}x${grid.columns})`] : [];
  });
  throw new UserError(
    layer
      ? `layer '${name}' has no positions; choose one of ${known.join(', ')}`
      : `model '${model.name}' has no layer '${name}'; it has ${known.join(', ')}`,
  );
}

/** The target layer, where it holds feature maps `[N,C,H,W]`. Throws UserError where it holds tokens, or features last. */
export function convolutionalLayer(model: Model, name?: string): Node {
  const layer = targetLayer(model, name);
  if (layer.shape.length === 4 && featureAxis(layer) === 1) return layer;
  throw new UserError(
    `layer '${layer.name ?? layer.op}' of model '${model.name}' is ${formatShape(layer.shape)}; choose one of feature maps [N,C,H,W]`,
  );
}

/** The grid of a target layer's positions. */
export function gridOfTarget(model: Model, layer: Node): Grid {
  const grid = gridOf(layer, model.size);
  if (!grid) throw new UserError(`layer '${layer.name ?? layer.op}' has no positions`);
  return grid;
}

/**
 * A value laid out as a layer, or with one feature in the place of its features, as pictures `[N,C,rows,columns]`. Tokens that stand
 * for no place are left out.
 */
export function asPicture(model: Model, layer: Node, value: Node): Node {
  const axis = featureAxis(layer);
  const { rows, columns, extra } = gridOfTarget(model, layer);
  const others = layer.shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
  const first = transpose(value, [0, axis, ...others]);
  if (others.length === 2) return first;
  const count = sizeAlong(first, 2);
  return reshape(slice(first, 2, extra, count), [first.shape[0], first.shape[1], rows, columns]);
}
