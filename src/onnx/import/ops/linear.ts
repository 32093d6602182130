import * as g from '../../../graph/index.ts';
import type { ConvAttrs, Node, Pads, Pair } from '../../../graph/index.ts';
import { floatAttr, has, intAttr, intsAttr, node, stringAttr, value, type Call, type Importer } from '../call.ts';
import { mapped, transposed } from '../static.ts';
import { isStatic, toNode, type Value } from '../value.ts';
import { expectPictures, split, windowOf } from '../window.ts';

const spatial = (x: Node): Pair => [g.sizeAlong(x, 2), g.sizeAlong(x, 3)];

const conv: Importer = (call) => {
  const [x, w] = [node(call, 0), node(call, 1)];
  expectPictures(x);
  const { strides, pads, dilations } = windowOf(call, x, spatial(w));
  const bias = has(call, 2) ? node(call, 2) : undefined;
  return g.conv(x, w, bias, { strides, pads, dilations, groups: intAttr(call, 'group', 1) });
};

const convTranspose: Importer = (call) => {
  const [x, w] = [node(call, 0), node(call, 1)];
  expectPictures(x);
  const { attrs, size } = transposedWindow(call, spatial(x), spatial(w));
  const y = g.convInput(x, w, size, attrs);
  return has(call, 2) ? g.add(y, g.reshape(node(call, 2), [1, y.shape[1], 1, 1])) : y;
};

/** The convolution whose transposed map is asked for, and the size of its input. */
function transposedWindow(call: Call, from: Pair, kernel: Pair): { attrs: ConvAttrs; size: Pair } {
  const [strides, dilations, extra] = [
    intsAttr(call, 'strides') ?? [1, 1],
    intsAttr(call, 'dilations') ?? [1, 1],
    intsAttr(call, 'output_padding') ?? [0, 0],
  ];
  const mode = stringAttr(call, 'auto_pad', 'NOTSET');
  const wanted = intsAttr(call, 'output_shape')?.slice(-2);
  const given = intsAttr(call, 'pads') ?? [0, 0, 0, 0];
  const axes = ([0, 1] as const).map((a) => {
    const full = (from[a] - 1) * strides[a] + extra[a] + (kernel[a] - 1) * dilations[a] + 1;
    if (mode === 'VALID') return { size: full, pads: [0, 0] };
    if (!wanted && mode === 'NOTSET') return { size: full - given[a] - given[a + 2], pads: [given[a], given[a + 2]] };
    const size = wanted ? wanted[a] : from[a] * strides[a];
    return { size, pads: split(full - size, mode === 'NOTSET' ? 'SAME_LOWER' : mode) };
  });
  const pads: Pads = [axes[0].pads[0], axes[1].pads[0], axes[0].pads[1], axes[1].pads[1]];
  const attrs = {
    strides: [strides[0], strides[1]],
    dilations: [dilations[0], dilations[1]],
    pads,
    groups: intAttr(call, 'group', 1),
  } as const;
  return { attrs, size: [axes[0].size, axes[1].size] };
}

const times = (v: Value, factor: number): Value => {
  if (factor === 1) return v;
  return isStatic(v) ? mapped(v, (d) => (d as number) * factor) : g.mul(v, factor);
};

const turned = (v: Value): Value => (isStatic(v) ? transposed(v, [1, 0]) : g.transpose(v, [1, 0]));

const gemm: Importer = (call) => {
  const a = toNode(intAttr(call, 'transA', 0) ? turned(value(call, 0)) : value(call, 0));
  const w = intAttr(call, 'transB', 0) ? turned(value(call, 1)) : value(call, 1);
  const b = toNode(times(w, floatAttr(call, 'alpha', 1)));
  if (!has(call, 2)) return g.dense(a, b);
  const c = toNode(times(value(call, 2), floatAttr(call, 'beta', 1)));
  return c.shape.length === 1 && c.shape[0] === b.shape[1] ? g.dense(a, b, c) : g.add(g.dense(a, b), c);
};

export const linear: Record<string, Importer> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  MatMul: (call) => g.matmul(node(call, 0), node(call, 1)),
};
