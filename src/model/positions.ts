import type { Node } from '../graph/index.ts';

/** Where a layer's positions lie in the picture. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Tokens before the first one of the grid, such as a class token. */
  readonly extra: number;
}

/** The axis of features where nothing tells: the last of tokens `[N,T,D]`, else 1. */
const usualAxis = (rank: number): number => (rank === 3 ? 2 : 1);

const isFixed = (node: Node): boolean =>
  node.op === 'constant' || (node.inputs.length > 0 && node.inputs.every(isFixed));

/** The axis that an axis of the operand becomes: the one of the same size with as much behind it. */
function reshapedAxis(from: Node, axis: number, to: Node): number {
  const behind = (shape: readonly unknown[], i: number) =>
    shape.slice(i + 1).reduce<number>((n, d) => n * (d as number), 1);
  const found = to.shape.findIndex(
    (d, i) => i > 0 && d === from.shape[axis] && behind(to.shape, i) === behind(from.shape, axis),
  );
  return found < 0 ? usualAxis(to.shape.length) : found;
}

/**
 * The axis along which a layer's pointwise feature vectors lie: 1 of what convolutions and pools make, `[N,C,H,W]`, wherever
 * transposing and reshaping have put it since, so the last of `[N,H,W,C]` and of tokens `[N,T,D]`.
 */
export function featureAxis(node: Node): number {
  const rank = node.shape.length;
  const [x] = node.inputs;
  if (node.op === 'transpose') return node.attrs.perm.indexOf(featureAxis(x));
  if (node.op === 'reshape') return reshapedAxis(x, featureAxis(x), node);
  if (node.op === 'conv' || node.op === 'convInput' || rank < 3) return 1;
  if (node.op === 'matmul' && !node.inputs.some(isFixed)) return rank - 1;
  const like = node.inputs.find((i) => i.shape.length === rank && !isFixed(i));
  return like ? featureAxis(like) : usualAxis(rank);
}

/** The grid of a layer's positions, for pictures of a size; undefined where it has none. */
export function gridOf(layer: Node, [height, width]: readonly [number, number]): Grid | undefined {
  const axis = featureAxis(layer);
  const sizes = layer.shape.filter((_, i) => i !== 0 && i !== axis);
  if (layer.shape[0] !== 'N' || !sizes.every((d) => typeof d === 'number')) return undefined;
  const attends = layer.op === 'softmax' || layer.op === 'matmul';
  if (sizes.length === 2) return attends ? undefined : { rows: sizes[0], columns: sizes[1], extra: 0 };
  if (sizes.length !== 1) return undefined;
  for (let extra = 0; extra < Math.min(sizes[0], mostExtra); extra++) {
    const rows = Math.sqrt(((sizes[0] - extra) * height) / width);
    if (Number.isInteger(rows) && Number.isInteger((rows * width) / height))
      return { rows, columns: (rows * width) / height, extra };
  }
  return undefined;
}

/** A class token, one of distillation, and registers. */
const mostExtra = 8;
