import { between, topological, type Node } from '../graph/index.ts';
import { isActivation, type Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';

const isSpatial = ({ shape }: Node): boolean => shape.length === 4 && (shape[2] !== 1 || shape[3] !== 1);

/**
 * The last activation with more than one position, or the concatenation that joins several of them there; the default target
 * layer of SRD and of the CAM family (VGG-16: relu5_3; ResNet-50: the input of the global average pool).
 */
function lastSpatialActivation(model: Model): Node {
  const onTheWay = between([model.input], [model.logits]);
  const order = topological([model.logits]).filter((n) => onTheWay.has(n) && isSpatial(n));
  const isJoint = (n: Node) => n.op === 'concat' && n.attrs.axis === 1 && n.inputs.every(isActivation);
  const last = order.findLast((n) => isActivation(n) || isJoint(n));
  if (!last) throw new UserError(`model '${model.name}' has no activation with more than one position to explain at`);
  return last;
}

/** The named layer, or the default one. Throws UserError with the names there are. */
export function targetLayer(model: Model, name?: string): Node {
  if (name === undefined) return lastSpatialActivation(model);
  const layer = model.layers.get(name);
  const spatial = [...model.layers].filter(([, node]) => isSpatial(node)).map(([key]) => key);
  if (!layer) throw new UserError(`model '${model.name}' has no layer '${name}'; it has ${spatial.join(', ')}`);
  if (!isSpatial(layer)) throw new UserError(`layer '${name}' has no positions; choose one of ${spatial.join(', ')}`);
  return layer;
}
