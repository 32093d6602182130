import type { ConvAttrs, Node, NodeOf, Pads } from '../../graph/index.ts';
import type { Emitter } from './context.ts';
import { lowerConvWeight } from './conv-weight.ts';
import type { Lowerings } from './lowering.ts';

const convAttributes = ({ strides, pads, dilations, groups }: ConvAttrs) => ({
  strides,
  pads,
  dilations,
  group: groups,
});

/** Weight `[O,C/g,kh,kw]` -> `[C,O/g,kh,kw]`, spatially flipped: with it the transposed convolution is a convolution. */
function flippedData(data: ArrayLike<number>, [o, cg, kh, kw]: readonly number[], groups: number): Float32Array {
  const og = o / groups;
  const area = kh * kw;
  const result = new Float32Array(data.length);
  for (let g = 0; g < groups; g++)
    for (let c = 0; c < cg; c++)
      for (let k = 0; k < og; k++) {
        const from = ((g * og + k) * cg + c) * area;
        const to = ((g * cg + c) * og + k) * area;
        for (let p = 0; p < area; p++) result[to + p] = data[from + area - 1 - p];
      }
  return result;
}

function flippedWeight(w: Node, value: string, groups: number, e: Emitter): string {
  const [o, cg, kh, kw] = w.shape as readonly number[];
  if (w.op === 'constant')
    return e.initializer(flippedData(w.attrs.data, [o, cg, kh, kw], groups), [cg * groups, o / groups, kh, kw]);
  const split = e.reshape(value, [groups, o / groups, cg, kh, kw]);
  const swapped = e.reshape(e.emit('Transpose', [split], { perm: [0, 2, 1, 3, 4] }), [cg * groups, o / groups, kh, kw]);
  const last = -2147483648;
  return kh * kw === 1
    ? swapped
    : e.emit('Slice', [swapped, e.ints([-1, -1]), e.ints([last, last]), e.ints([2, 3]), e.ints([-1, -1])]);
}

/** Crops rows and columns: what negative padding means. */
function crop(value: string, [top, left, bottom, right]: Pads, e: Emitter): string {
  if ([top, left, bottom, right].every((n) => n === 0)) return value;
  const end = (n: number) => (n === 0 ? 2147483647 : -n);
  return e.emit('Slice', [value, e.ints([top, left]), e.ints([end(bottom), end(right)]), e.ints([2, 3])]);
}

function lowerConvInput(
  { inputs: [, w], attrs }: NodeOf<'convInput'>,
  [y, weight]: readonly string[],
  e: Emitter,
  height: number,
  width: number,
): string {
  const { strides, pads, dilations, groups, size } = attrs;
  const kernel = [w.shape[2], w.shape[3]] as [number, number];
  const reach = kernel.map((k, i) => dilations[i] * (k - 1));
  if (strides.every((s) => s === 1)) {
    const wanted = pads.map((p, i) => reach[i % 2] - p);
    const cropped = crop(y, wanted.map((p) => Math.max(-p, 0)) as unknown as Pads, e);
    return e.emit('Conv', [cropped, flippedWeight(w, weight, groups, e)], {
      pads: wanted.map((p) => Math.max(p, 0)),
      dilations,
      group: groups,
      kernel_shape: kernel,
    });
  }
  const extra = size.map((n, i) => n - (([height, width][i] - 1) * strides[i] + reach[i] + 1 - pads[i] - pads[i + 2]));
  return e.emit('ConvTranspose', [y, weight], { ...convAttributes(attrs), output_padding: extra });
}

export const linear: Lowerings = {
  conv: ({ attrs }, inputs, e) => e.emit('Conv', inputs, convAttributes(attrs)),
  convInput: (node, inputs, e) => {
    const [, , height, width] = node.inputs[0].shape as number[];
    return lowerConvInput(node, inputs, e, height, width);
  },
  convWeight: lowerConvWeight,
  dense: (node, [x, w, bias], e) => {
    if (node.inputs[0].shape.length === 2) return e.emit('Gemm', bias === undefined ? [x, w] : [x, w, bias]);
    const product = e.emit('MatMul', [x, w]);
    return bias === undefined ? product : e.emit('Add', [product, bias]);
  },
  matmul: (_, inputs, e) => e.emit('MatMul', inputs),
};
