import type { AvgPoolAttrs, NodeOf, Pair, PoolAttrs, Shape } from '../../graph/index.ts';
import { dataTypes } from '../proto.ts';
import type { Emitter } from './context.ts';
import type { Lowerings } from './lowering.ts';
import { routing, type Windows } from './routing.ts';

/** A pool's attributes; a last window that hangs over the border is written as padding, on which all runtimes agree. */
function poolAttributes({ kernel, strides, pads, ceil }: PoolAttrs, size: Shape, result: Shape): Windows {
  const over = [0, 1].map(
    (a) => ((result[a + 2] as number) - 1) * strides[a] + kernel[a] - pads[a] - (size[a + 2] as number),
  );
  const behind = ceil ? over.map((n) => Math.max(n, 0)) : pads.slice(2);
  return { kernel_shape: kernel, strides, pads: [pads[0], pads[1], ...behind] };
}

/** The largest values of windows, as every runtime computes them fast. */
const maxima = (
  { inputs: [x], attrs, shape }: NodeOf<'maxPool' | 'maxPoolIndices'>,
  inputs: readonly string[],
  e: Emitter,
) =>
  e.once(`MaxPool ${inputs.join()} ${JSON.stringify(attrs)}`, () => [
    e.emit('MaxPool', inputs, { ...poolAttributes(attrs, x.shape, shape) }),
  ])[0];

/** How values go to and from the maxima of what was pooled. */
function routingOf(node: NodeOf<'maxPoolIndices'>, e: Emitter) {
  const [x] = node.inputs;
  const value = e.get(x);
  return routing(node, [value, maxima(node, [value], e)], poolAttributes(node.attrs, x.shape, node.shape), e);
}

/** Where the first maxima of windows are in the whole `[N,C,H,W]`: what their routing brings of the places' numbers. */
function lowerIndices(node: NodeOf<'maxPoolIndices'>, e: Emitter): string {
  const [x] = node.inputs;
  const [c, h, w] = x.shape.slice(1) as number[];
  // Numbers within a plane are whole ones that float32 holds.
  const numbers = e.initializer(
    Float32Array.from({ length: h * w }, (_, i) => i),
    [1, 1, h, w],
  );
  const inPlane = routingOf(node, e).gather(e.emit('Expand', [numbers, e.shape(x.shape)]));
  const planes: Shape = [node.shape[0], c, 1, 1];
  const ones = e.emit('Expand', [e.ints([1]), e.shape(planes)]);
  const count = e.emit('CumSum', [e.reshape(ones, [-1]), e.initializer(Int32Array.of(0), [], 'int64')], {
    exclusive: 1,
  });
  const starts = e.emit('Mul', [e.reshape(count, planes), e.ints([h * w])]);
  return e.emit('Add', [e.emit('Cast', [inPlane], { to: dataTypes.int64 }), starts]);
}

/** Any values at any places of a whole picture, added up. */
function scatterAt([y, indices]: readonly string[], shape: Shape, e: Emitter): string {
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
  maxPoolIndices: (node, _, e) => lowerIndices(node, e),
  poolGather: ({ inputs: [, at] }, [x, indices], e) =>
    at.op === 'maxPoolIndices'
      ? routingOf(at, e).gather(x)
      : e.emit('Gather', [e.emit('Reshape', [x, e.ints([-1])]), indices], { axis: 0 }),
  poolScatter: ({ inputs: [, at], shape }, values, e) =>
    at.op === 'maxPoolIndices' ? routingOf(at, e).scatter(values[0]) : scatterAt(values, shape, e),
  avgPool: lowerAvgPool,
  avgPoolInput: lowerAvgPoolInput,
};
