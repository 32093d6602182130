import * as g from '../../../graph/index.ts';
import type { Dim, Node, Shape } from '../../../graph/index.ts';
import { expandTarget, reshapeTarget } from '../batch.ts';
import {
  dimensions,
  has,
  intAttr,
  integers,
  intsAttr,
  known,
  node,
  stringAttr,
  value,
  type Call,
  type Importer,
} from '../call.ts';
import { concatenated, expanded, gathered, reshaped, transposed } from '../static.ts';
import { Unsupported } from '../unsupported.ts';
import { isNode, isStatic, numbers, toNode, type Static, type Value } from '../value.ts';

const plain = (shape: Shape): shape is readonly number[] => shape.every((d) => typeof d === 'number');

/** The same values in another shape. */
const toShape = (x: Value, shape: Shape): Value =>
  isStatic(x) && plain(shape) ? reshaped(x, shape) : g.reshape(toNode(x), shape);

const reshape: Importer = (call) => {
  const x = value(call, 0);
  const target = dimensions(call, 1, 'shape')!;
  return toShape(x, reshapeTarget(x.shape, target, intAttr(call, 'allowzero', 0) === 1, call.batch));
};

const flatten: Importer = (call) => {
  const x = value(call, 0);
  const axis = intAttr(call, 'axis', 1);
  const cut = axis < 0 ? axis + x.shape.length : axis;
  return toShape(x, [g.product(x.shape.slice(0, cut)), g.product(x.shape.slice(cut))]);
};

const squeeze: Importer = (call) => {
  const x = value(call, 0);
  const axes = integers(call, 1, 'axes')?.map((a) => g.axisOf(a, x.shape.length));
  return toShape(
    x,
    x.shape.filter((d, i) => (axes ? !axes.includes(i) : d !== 1)),
  );
};

const unsqueeze: Importer = (call) => {
  const x = value(call, 0);
  const given = integers(call, 1, 'axes') ?? [];
  const rank = x.shape.length + given.length;
  const axes = given.map((a) => g.axisOf(a, rank));
  const rest = [...x.shape];
  return toShape(
    x,
    Array.from({ length: rank }, (_, i): Dim => (axes.includes(i) ? 1 : rest.shift()!)),
  );
};

const transpose: Importer = (call) => {
  const x = value(call, 0);
  const perm = intsAttr(call, 'perm') ?? x.shape.map((_, i) => i).reverse();
  return isStatic(x) ? transposed(x, perm) : g.transpose(x, perm);
};

const concat: Importer = (call) => {
  const parts = call.inputs.map((_, i) => value(call, i));
  const axis = g.axisOf(intAttr(call, 'axis', 1), parts[0].shape.length);
  if (parts.every(isStatic)) return concatenated(parts, axis);
  const like = parts.find(isNode)!;
  return g.concat(
    parts.map((p) => batched(p, like, axis)),
    axis,
  );
};

/** A constant made for the file's batch size, such as a class token, repeated for each sample. */
function batched(part: Value, like: Node, axis: number): Node {
  const repeated = part.shape.map((d, i): Dim =>
    i !== axis && d === 1 && typeof like.shape[i] !== 'number' ? like.shape[i] : d,
  );
  return isStatic(part) ? g.expand(toNode(part), repeated) : part;
}

const split: Importer = (call) => {
  const x = node(call, 0);
  const axis = g.axisOf(intAttr(call, 'axis', 0), x.shape.length);
  const size = g.sizeAlong(x, axis);
  const each = Math.ceil(size / call.outputs);
  const sizes =
    integers(call, 1, 'split') ?? Array.from({ length: call.outputs }, (_, i) => Math.min(each, size - i * each));
  let end = 0;
  return sizes.map((n) => g.slice(x, axis, end, (end += n)));
};

const gather: Importer = (call) => {
  const [x, indices] = [value(call, 0), known(call, 1, 'indices')];
  const axis = g.axisOf(intAttr(call, 'axis', 0), x.shape.length);
  return isStatic(x) ? gathered(x, indices, axis) : picked(x, indices, axis);
};

/** Entries of a node along an axis; a single one is a slice, whose derivative is cheaper. */
function picked(x: Node, indices: Static, axis: number): Node {
  const size = g.sizeAlong(x, axis);
  const at = Array.from(numbers(indices), (i) => (i < 0 ? i + size : i));
  if (indices.shape.length > 0) return g.gather(x, toNode({ ...indices, data: at }), axis);
  return g.reshape(
    g.slice(x, axis, at[0], at[0] + 1),
    x.shape.filter((_, i) => i !== axis),
  );
}

const expand: Importer = (call) => {
  const x = value(call, 0);
  const shape = expandTarget(x.shape, dimensions(call, 1, 'shape')!, call.batch);
  return isStatic(x) && plain(shape) ? expanded(x, shape) : g.expand(toNode(x), shape);
};

const tile: Importer = (call) => {
  const x = value(call, 0);
  const repeats = integers(call, 1, 'repeats')!;
  if (isStatic(x)) return repeats.reduce<Static>((t, n, axis) => concatenated(new Array<Static>(n).fill(t), axis), x);
  return repeats.reduce((t, n, axis) => g.concat(new Array<Node>(n).fill(t), axis), x);
};

const pad: Importer = (call) => {
  const mode = stringAttr(call, 'mode', 'constant');
  if (mode !== 'constant') throw new Unsupported(`has mode = '${mode}'; only constant padding is read`);
  const x = node(call, 0);
  const amounts = integers(call, 1, 'pads') ?? [];
  const axes = has(call, 3)
    ? Array.from(numbers(known(call, 3, 'axes')), (a) => g.axisOf(a, x.shape.length))
    : x.shape.map((_, i) => i);
  const side = (offset: number) => x.shape.map((_, i) => (axes.includes(i) ? amounts[axes.indexOf(i) + offset] : 0));
  return g.pad(x, side(0), side(axes.length), fill(call));
};

function fill(call: Call): number {
  return has(call, 2) ? numbers(known(call, 2, 'a padding value'))[0] : (call.attributes.get('value')?.f ?? 0);
}

export const structure: Record<string, Importer> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Gather: gather,
  Expand: expand,
  Tile: tile,
  Pad: pad,
};
