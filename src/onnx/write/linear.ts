import { inputsOf, type ConvAttrs, type Node, type NodeOf, type Pads } from '../../graph/index.ts';
import type { Attribute, Emitter, PlainConvolution } from './context.ts';
import { lowerConvWeight } from './conv-weight.ts';
import type { Lowerings } from './lowering.ts';
import { kernelsOf, winograd } from './winograd.ts';

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
  if (w.op === 'constant') {
    const made = () =>
      e.initializer(flippedData(w.attrs.data, [o, cg, kh, kw], groups), [cg * groups, o / groups, kh, kw]);
    return e.once(`flipped ${value} ${groups}`, () => [made()])[0];
  }
  const split = e.reshape(value, [groups, o / groups, cg, kh, kw]);
  const swapped = e.reshape(e.emit('Transpose', [split], { perm: [0, 2, 1, 3, 4] }), [cg * groups, o / groups, kh, kw]);
  const last = -2147483648;
  return kh * kw === 1
    ? swapped
    : e.emit('Slice', [swapped, e.ints([-1, -1]), e.ints([last, last]), e.ints([2, 3]), e.ints([-1, -1])]);
}

/**
 * A convolution, or its transposed. Where the runtime gets some numbers of channels wrong, each group of several is a convolution of
 * its own, and more than four channels come in fours.
 */
function convolve(
  op: 'Conv' | 'ConvTranspose',
  [x, w, bias]: readonly string[],
  attributes: Readonly<Record<string, Attribute>> & { readonly group: number },
  channels: { readonly in: number; readonly out: number },
  e: Emitter,
): string {
  const { group } = attributes;
  const depthwise = channels.in === group && channels.out === group;
  const inputs = bias === undefined ? [x, w] : [x, w, bias];
  if (e.runtime.anyChannels || depthwise) return e.emit(op, inputs, attributes);
  if (group === 1) {
    const spare = op === 'Conv' && channels.in > 4 ? (4 - (channels.in % 4)) % 4 : 0;
    if (spare === 0) return e.emit(op, inputs, attributes);
    const [wide, wideWeight] = [x, w].map((v) => e.emit('Pad', [v, e.ints([0, 0, 0, 0, 0, spare, 0, 0])]));
    return e.emit(op, [wide, wideWeight, ...inputs.slice(2)], attributes);
  }
  const parts = (value: string, axis: number) => e.emitMany('Split', [value], group, { axis, num_outputs: group });
  const split = [parts(x, 1), parts(w, 0), ...(bias === undefined ? [] : [parts(bias, 0)])];
  const each = { in: channels.in / group, out: channels.out / group };
  const results = Array.from({ length: group }, (_, i) =>
    convolve(
      op,
      split.map((values) => values[i]),
      { ...attributes, group: 1 },
      each,
      e,
    ),
  );
  return e.emit('Concat', results, { axis: 1 });
}

/**
 * A convolution of stride 1 whose weight is known beforehand, where the runtime computes it faster by Winograd's algorithm; `kernel` says the
 * weight in a graph that has the value of the node.
 */
function byWinograd(
  [x, w, bias]: readonly string[],
  of: { readonly input: Node; readonly weight: Node },
  kernel: (value: string, home: Emitter) => string,
  convolution: PlainConvolution,
  { strides, dilations, pads, groups }: ConvAttrs,
  e: Emitter,
): string | undefined {
  const plain = groups === 1 && [...strides, ...dilations].every((n) => n === 1) && pads.every((p) => p >= 0);
  if (!plain || !e.runtime.winograd?.(convolution) || inputsOf([of.weight]).length > 0) return undefined;
  const { weight } = of;
  const kernels =
    e.runtime.outerWeights && weight.op === 'constant'
      ? kernelsOf(kernel(e.root.constant(weight), e.root), convolution, e.root)
      : kernelsOf(kernel(w, e), convolution, e);
  return winograd([x, kernels, bias], convolution, pads, of, e);
}

/** Crops rows and columns: what negative padding means. */
function crop(value: string, [top, left, bottom, right]: Pads, e: Emitter): string {
  if ([top, left, bottom, right].every((n) => n === 0)) return value;
  const end = (n: number) => (n === 0 ? 2147483647 : -n);
  return e.emit('Slice', [value, e.ints([top, left]), e.ints([end(bottom), end(right)]), e.ints([2, 3])]);
}

function lowerConvInput(
  { inputs: [cotangent, w], attrs }: NodeOf<'convInput'>,
  [y, weight]: readonly string[],
  e: Emitter,
  height: number,
  width: number,
): string {
  const { strides, pads, dilations, groups, size } = attrs;
  const kernel = [w.shape[2], w.shape[3]] as [number, number];
  const channels = { in: w.shape[0] as number, out: (w.shape[1] as number) * groups };
  const reach = kernel.map((k, i) => dilations[i] * (k - 1));
  if (strides.every((s) => s === 1)) {
    const wanted = pads.map((p, i) => reach[i % 2] - p) as unknown as Pads;
    const flipped = (value: string, home: Emitter) => flippedWeight(w, value, groups, home);
    const fast = byWinograd(
      [y, weight],
      { input: cotangent, weight: w },
      flipped,
      { kernel, channels, size },
      { ...attrs, pads: wanted },
      e,
    );
    if (fast) return fast;
    const cropped = crop(y, wanted.map((p) => Math.max(-p, 0)) as unknown as Pads, e);
    const attributes = { pads: wanted.map((p) => Math.max(p, 0)), dilations, group: groups, kernel_shape: kernel };
    return convolve('Conv', [cropped, flipped(weight, e)], attributes, channels, e);
  }
  const extra = size.map((n, i) => n - (([height, width][i] - 1) * strides[i] + reach[i] + 1 - pads[i] - pads[i + 2]));
  return convolve('ConvTranspose', [y, weight], { ...convAttributes(attrs), output_padding: extra }, channels, e);
}

export const linear: Lowerings = {
  conv: ({ inputs: [input, weight], attrs, shape }, inputs, e) => {
    const [out, each, ...kernel] = weight.shape as readonly number[];
    const channels = { in: each * attrs.groups, out };
    const convolution = { kernel, channels, size: shape.slice(2) } as unknown as PlainConvolution;
    return (
      byWinograd(inputs, { input, weight }, (value) => value, convolution, attrs, e) ??
      convolve('Conv', inputs, convAttributes(attrs), channels, e)
    );
  },
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
