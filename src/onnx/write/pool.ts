import type { AvgPoolAttrs, NodeOf, Pair, PoolAttrs } from '../../graph/index.ts';
import type { Emitter } from './context.ts';
import type { Lowerings } from './lowering.ts';

const poolAttributes = ({ kernel, strides, pads, ceil }: PoolAttrs) => ({
  kernel_shape: kernel,
  strides,
  pads,
  ceil_mode: ceil ? 1 : 0,
});

/** Windows that share no pixel and start at the border. */
const tiles = ({ kernel, strides, pads }: PoolAttrs): boolean =>
  kernel.every((k, i) => k === strides[i]) && pads.every((p) => p === 0);

/** Values and indices of one pool come out of one ONNX node. */
const maxPool = (inputs: readonly string[], attrs: PoolAttrs, e: Emitter): readonly string[] =>
  e.once(`MaxPool ${inputs.join()} ${JSON.stringify(attrs)}`, () =>
    e.emitMany('MaxPool', inputs, 2, poolAttributes(attrs)),
  );

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

function lowerAvgPoolInput(node: NodeOf<'avgPoolInput'>, [y]: readonly string[], e: Emitter): string {
  const { attrs } = node;
  const { kernel, strides, pads, size } = attrs;
  const [, c, h, w] = node.inputs[0].shape as number[];
  const [rows, columns] = [counts(h, size[0], 0, attrs), counts(w, size[1], 1, attrs)];
  const shares = Float32Array.from({ length: h * w }, (_, i) => 1 / (rows[Math.floor(i / w)] * columns[i % w]));
  const divided = e.emit('Mul', [y, e.initializer(shares, [1, 1, h, w])]);
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
  maxPool: ({ attrs }, inputs, e) => maxPool(inputs, attrs, e)[0],
  maxPoolIndices: ({ attrs }, inputs, e) => maxPool(inputs, attrs, e)[1],
  poolGather: (_, [x, indices], e) => e.emit('Gather', [e.emit('Reshape', [x, e.ints([-1])]), indices], { axis: 0 }),
  poolScatter: lowerPoolScatter,
  avgPool: ({ attrs }, inputs, e) =>
    e.emit('AveragePool', inputs, { ...poolAttributes(attrs), count_include_pad: attrs.countPadding ? 1 : 0 }),
  avgPoolInput: lowerAvgPoolInput,
};
