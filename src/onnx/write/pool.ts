import type { AvgPoolAttrs, Node, NodeOf, Pair, PoolAttrs, Shape } from '../../graph/index.ts';
import { dataTypes } from '../proto.ts';
import type { Emitter } from './context.ts';
import type { Lowerings } from './lowering.ts';

/** A pool's attributes; a last window that hangs over the border is written as padding, on which all runtimes agree. */
function poolAttributes({ kernel, strides, pads, ceil }: PoolAttrs, size: Shape, result: Shape) {
  const over = [0, 1].map(
    (a) => ((result[a + 2] as number) - 1) * strides[a] + kernel[a] - pads[a] - (size[a + 2] as number),
  );
  const behind = ceil ? over.map((n) => Math.max(n, 0)) : pads.slice(2);
  return { kernel_shape: kernel, strides, pads: [pads[0], pads[1], ...behind] };
}

/** Windows that share no pixel and start at the border. */
const tiles = ({ kernel, strides, pads }: PoolAttrs): boolean =>
  kernel.every((k, i) => k === strides[i]) && pads.every((p) => p === 0);

/** Values and indices of one pool. */
function maxPool(
  { inputs: [x], attrs, shape }: NodeOf<'maxPool' | 'maxPoolIndices'>,
  inputs: readonly string[],
  e: Emitter,
) {
  return e.once(`MaxPool ${inputs.join()} ${JSON.stringify(attrs)}`, () => {
    const attributes = poolAttributes(attrs, x.shape, shape);
    if (e.runtime.poolIndices) return e.emitMany('MaxPool', inputs, 2, attributes);
    const values = e.emit('MaxPool', inputs, attributes);
    return [values, spelledIndices(x, inputs[0], values, attributes, shape, e)];
  });
}

/** Where the first maxima of windows are in the whole `[N,C,H,W]`: each place of a window in turn, last to first, is compared with the maximum. */
function spelledIndices(
  { shape }: Node,
  x: string,
  maxima: string,
  { kernel_shape: [height, width], strides, pads }: ReturnType<typeof poolAttributes>,
  pooled: Shape,
  e: Emitter,
): string {
  const [c, h, w] = shape.slice(1) as number[];
  const [rows, columns] = pooled.slice(2) as number[];
  const clamp = (v: number, size: number) => Math.min(Math.max(v, 0), size - 1);
  const places = (i: number, j: number) => {
    const flat = Int32Array.from({ length: rows * columns }, (_, at) => {
      const [r, q] = [Math.floor(at / columns), at % columns];
      return clamp(r * strides[0] + i - pads[0], h) * w + clamp(q * strides[1] + j - pads[1], w);
    });
    return e.emit('Cast', [e.initializer(flat, [1, 1, rows, columns], 'int64')], { to: dataTypes.int32 });
  };
  const padded = pads.some((p) => p > 0)
    ? e.emit('Pad', [
        x,
        e.ints([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]),
        e.initializer(Float32Array.of(-Infinity), []),
      ])
    : x;
  // On the way the places count from their plane, in 32 bits, which graphics cards know.
  let found = places(0, 0);
  for (let i = height - 1; i >= 0; i--)
    for (let j = width - 1; j >= 0; j--) {
      const ends = [i + (rows - 1) * strides[0] + 1, j + (columns - 1) * strides[1] + 1];
      const values = e.emit('Slice', [padded, e.ints([i, j]), e.ints(ends), e.ints([2, 3]), e.ints(strides)]);
      found = e.emit('Where', [e.emit('Equal', [values, maxima]), places(i, j), found]);
    }
  const planes: Shape = [shape[0], c, 1, 1];
  const ones = e.emit('Expand', [e.ints([1]), e.shape(planes)]);
  const count = e.emit('CumSum', [e.reshape(ones, [-1]), e.initializer(Int32Array.of(0), [], 'int64')], {
    exclusive: 1,
  });
  const starts = e.emit('Mul', [e.reshape(count, planes), e.ints([h * w])]);
  return e.emit('Add', [e.emit('Cast', [found], { to: dataTypes.int64 }), starts]);
}

function lowerPoolScatter(
  { inputs: [, indexNode], attrs, shape }: NodeOf<'poolScatter'>,
  [y, indices]: readonly string[],
  e: Emitter,
): string {
  if (indexNode.op === 'maxPoolIndices' && tiles(indexNode.attrs)) {
    const { kernel, strides } = indexNode.attrs;
    const exact = attrs.size.every((n, i) => n === (indexNode.shape[i + 2] as number) * kernel[i]);
    const size = exact ? [] : [e.shape(shape)];
    return e.emit('MaxUnpool', [y, indices, ...size], { kernel_shape: kernel, strides });
  }
  const flat = e.ints([-1]);
  const zeros = e.reshape(e.emit('Expand', [e.initializer(Float32Array.of(0), []), e.shape(shape)]), [-1]);
  const summed = e.emit('ScatterElements', [zeros, e.emit('Reshape', [indices, flat]), e.emit('Reshape', [y, flat])], {
    reduction: 'add',
  });
  return e.reshape(summed, shape);
}

/** Pixels in each window of one axis, by the rule of `countPadding`. */
function counts(
  count: number,
  size: number,
  axis: 0 | 1,
  { kernel, strides, pads, countPadding }: AvgPoolAttrs,
): number[] {
  const low = countPadding ? 0 : pads[axis];
  const high = size + pads[axis] + (countPadding ? pads[axis + 2] : 0);
  return Array.from({ length: count }, (_, i) => {
    const start = i * strides[axis];
    return Math.min(start + kernel[axis], high) - Math.max(start, low);
  });
}

/** `scale` over the number of pixels in each window, `[1,1,h,w]`. */
function shares(pooled: Shape, size: Shape | Pair, attrs: AvgPoolAttrs, scale: number, e: Emitter): string {
  const [h, w] = pooled.slice(2) as number[];
  const [height, width] = size.slice(-2) as number[];
  const [rows, columns] = [counts(h, height, 0, attrs), counts(w, width, 1, attrs)];
  const values = Float32Array.from({ length: h * w }, (_, i) => scale / (rows[Math.floor(i / w)] * columns[i % w]));
  return e.initializer(values, [1, 1, h, w]);
}

function lowerAvgPool({ inputs: [node], attrs, shape }: NodeOf<'avgPool'>, [x]: readonly string[], e: Emitter): string {
  const attributes = poolAttributes(attrs, node.shape, shape);
  const include = (flag: boolean) => ({ ...attributes, count_include_pad: flag ? 1 : 0 });
  if (!attrs.ceil) return e.emit('AveragePool', [x], include(attrs.countPadding));
  const area = attrs.kernel[0] * attrs.kernel[1];
  return e.emit('Mul', [e.emit('AveragePool', [x], include(true)), shares(shape, node.shape, attrs, area, e)]);
}

function lowerAvgPoolInput(node: NodeOf<'avgPoolInput'>, [y]: readonly string[], e: Emitter): string {
  const { kernel, strides, pads, size } = node.attrs;
  const [, c, h, w] = node.inputs[0].shape as number[];
  const divided = e.emit('Mul', [y, shares(node.inputs[0].shape, size, node.attrs, 1, e)]);
  const over = ([h, w] as Pair).map((n, i) => (n - 1) * strides[i] + kernel[i] - pads[i] - size[i]);
  const ones = e.initializer(new Float32Array(c * kernel[0] * kernel[1]).fill(1), [c, 1, ...kernel]);
  return e.emit('ConvTranspose', [divided, ones], {
    group: c,
    strides,
    pads: [pads[0], pads[1], ...over.map((n) => Math.max(n, 0))],
    output_padding: over.map((n) => Math.max(-n, 0)),
  });
}

export const pool: Lowerings = {
  maxPool: (node, inputs, e) => maxPool(node, inputs, e)[0],
  maxPoolIndices: (node, inputs, e) => maxPool(node, inputs, e)[1],
  poolGather: (_, [x, indices], e) => e.emit('Gather', [e.emit('Reshape', [x, e.ints([-1])]), indices], { axis: 0 }),
  poolScatter: lowerPoolScatter,
  avgPool: lowerAvgPool,
  avgPoolInput: lowerAvgPoolInput,
};
