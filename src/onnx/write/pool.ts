import type { AvgPoolAttrs, NodeOf, Pair, PoolAttrs, Shape } from '../../graph/index.ts';
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

type PoolAttributes = ReturnType<typeof poolAttributes>;

/** Windows that share no pixel and start at the border. */
const tiles = ({ kernel, strides, pads }: PoolAttrs): boolean =>
  kernel.every((k, i) => k === strides[i]) && pads.every((p) => p === 0);

/** The largest values of windows, as every runtime computes them fast. */
const maxima = (
  { inputs: [x], attrs, shape }: NodeOf<'maxPool' | 'maxPoolIndices'>,
  inputs: readonly string[],
  e: Emitter,
) =>
  e.once(`MaxPool ${inputs.join()} ${JSON.stringify(attrs)}`, () => [
    e.emit('MaxPool', inputs, poolAttributes(attrs, x.shape, shape)),
  ])[0];

/** The least number: unlike -∞, no NaN comes of it where it is weighed by 0. */
const least = -3.4028234663852886e38;

/**
 * Each place of the windows in turn, row by row: its offset in a plane, and what lies there in each window. Places a stride apart
 * are pieces of one thinned picture, and a convolution that lets one pixel through thins faster than a slice of that stride.
 */
function places(
  x: string,
  [channels, ...size]: readonly number[],
  { kernel_shape, strides, pads }: PoolAttributes,
  windows: Pair,
  e: Emitter,
) {
  const padded = pads.some((p) => p > 0)
    ? e.emit('Pad', [
        x,
        e.ints([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]),
        e.initializer(Float32Array.of(least), []),
      ])
    : x;
  const cell = strides[0] * strides[1];
  const thinned = new Map<number, string>();
  const thin = (i: number, j: number) => {
    const chosen = i * strides[1] + j;
    if (!thinned.has(chosen)) {
      const weight = new Float32Array(channels * cell).map((_, at) => (at % cell === chosen ? 1 : 0));
      const needed = [i, j].map(
        (at, a) => strides[a] * (windows[a] + Math.floor((kernel_shape[a] - 1 - at) / strides[a])),
      );
      const behind = needed.map((n, a) => Math.max(n - size[a] - pads[a] - pads[a + 2], 0));
      thinned.set(
        chosen,
        e.emit('Conv', [padded, e.initializer(weight, [channels, 1, ...strides])], {
          strides,
          group: channels,
          pads: [0, 0, ...behind],
        }),
      );
    }
    return thinned.get(chosen)!;
  };
  return Array.from({ length: kernel_shape[0] * kernel_shape[1] }, (_, k) => {
    const [i, j] = [Math.floor(k / kernel_shape[1]), k % kernel_shape[1]];
    const [di, dj] = [Math.floor(i / strides[0]), Math.floor(j / strides[1])];
    const values = e.emit('Slice', [
      cell === 1 ? padded : thin(i % strides[0], j % strides[1]),
      e.ints([di, dj]),
      e.ints([di + windows[0], dj + windows[1]]),
      e.ints([2, 3]),
    ]);
    return { offset: i * size[1] + j, values };
  });
}

/**
 * Where the first maxima of windows are in the whole `[N,C,H,W]`: each place of a window in turn, last to first, is compared with the
 * maximum. That takes less than half of the time of MaxPool's own indices on the processor, and WebGPU refuses those.
 */
function lowerIndices(node: NodeOf<'maxPoolIndices'>, inputs: readonly string[], e: Emitter): string {
  const {
    inputs: [x],
    attrs,
    shape,
  } = node;
  const [c, h, w] = x.shape.slice(1) as number[];
  const [rows, columns] = shape.slice(2) as number[];
  const attributes = poolAttributes(attrs, x.shape, shape);
  const { pads, strides } = attributes;
  const largest = maxima(node, inputs, e);
  const scalar = (v: number) => e.initializer(Float32Array.of(v), []);
  const [last, ...before] = places(inputs[0], [c, h, w], attributes, [rows, columns], e).reverse();
  // Offsets within a plane are whole numbers that float32 holds.
  const offset = before.reduce(
    (found, place) => e.emit('Where', [e.emit('Equal', [place.values, largest]), scalar(place.offset), found]),
    scalar(last.offset),
  );
  const corners = Float32Array.from({ length: rows * columns }, (_, at) => {
    const [r, q] = [Math.floor(at / columns), at % columns];
    return (r * strides[0] - pads[0]) * w + q * strides[1] - pads[1];
  });
  const found = e.emit('Add', [offset, e.initializer(corners, [1, 1, rows, columns])]);
  // Where padding is as small as what is next to it, the place is still one of the picture.
  const inPlane = pads.some((p) => p > 0) ? e.emit('Clip', [found, scalar(0), scalar(h * w - 1)]) : found;
  const planes: Shape = [shape[0], c, 1, 1];
  const ones = e.emit('Expand', [e.ints([1]), e.shape(planes)]);
  const count = e.emit('CumSum', [e.reshape(ones, [-1]), e.initializer(Int32Array.of(0), [], 'int64')], {
    exclusive: 1,
  });
  const starts = e.emit('Mul', [e.reshape(count, planes), e.ints([h * w])]);
  return e.emit('Add', [e.emit('Cast', [inPlane], { to: dataTypes.int64 }), starts]);
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
  maxPool: maxima,
  maxPoolIndices: (node, inputs, e) =>
    e.once(`indices ${maxima(node, inputs, e)}`, () => [lowerIndices(node, inputs, e)])[0],
  poolGather: (_, [x, indices], e) => e.emit('Gather', [e.emit('Reshape', [x, e.ints([-1])]), indices], { axis: 0 }),
  poolScatter: lowerPoolScatter,
  avgPool: lowerAvgPool,
  avgPoolInput: lowerAvgPoolInput,
};
