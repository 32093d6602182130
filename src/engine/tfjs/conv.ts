import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvAttrs, Node, Pads, Pair } from '../../graph/index.ts';
import type { Tf } from './backend.ts';
import type { Lowerings, Run } from './lowering.ts';
import { met, padPicture, roomFor, spread } from './spread.ts';
import type { Value } from './value.ts';

/** Which convolution of TensorFlow.js serves: for all channels together, for each alone, or one a group. */
type Kind = 'dense' | 'depthwise' | 'grouped';

function kindOf(channels: number, { groups, strides }: ConvAttrs): Kind {
  if (groups === 1) return 'dense';
  // TensorFlow moves single channels by equal steps only.
  return groups === channels && strides[0] === strides[1] ? 'depthwise' : 'grouped';
}

/** A weight `[O,C/groups,kh,kw]` as `[kh,kw,C/groups,O]`, or as `[kh,kw,C,O/C]` where channels are alone. */
function filterOf(tf: Tf, w: Tensor, groups: number, kind: Kind): Tensor {
  if (kind !== 'depthwise') return tf.transpose(w, [2, 3, 1, 0]);
  const [o, , kh, kw] = w.shape;
  return tf.transpose(tf.reshape(w, [groups, o / groups, kh, kw]), [2, 3, 0, 1]);
}

/** `[O,C/groups,kh,kw]` -> `[C,O/groups,kh,kw]`, turned by half: with it the transposed convolution is a convolution. */
function flipped(tf: Tf, w: Tensor, groups: number): Tensor {
  const [o, cg, kh, kw] = w.shape;
  const swapped = tf.transpose(tf.reshape(w, [groups, o / groups, cg, kh * kw]), [0, 2, 1, 3]);
  return tf.reverse(tf.reshape(swapped, [groups * cg, o / groups, kh, kw]), [2, 3]);
}

function grouped(
  tf: Tf,
  x: Tensor4D,
  filter: Tensor4D,
  groups: number,
  f: (x: Tensor4D, filter: Tensor4D) => Tensor4D,
) {
  const filters = tf.split<Tensor4D>(filter, groups, 3);
  return tf.concat(
    tf.split<Tensor4D>(x, groups, 3).map((part, g) => f(part, filters[g])),
    3,
  );
}

/** x `[N,H,W,C]` with a filter -> `[N,h,w,O]`. */
function convolve(tf: Tf, x: Tensor, filter: Tensor, kind: Kind, attrs: ConvAttrs, bias?: Tensor): Tensor {
  const { strides, dilations, groups, pads } = attrs;
  // TensorFlow.js does not move dilated filters by more than 1; one with zeros in it comes to the same.
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
    const apart = spread(tf, spread(tf, filter, 0, dilations[0]), 1, dilations[1]);
    return convolve(tf, x, apart, kind, { ...attrs, dilations: [1, 1] }, bias);
  }
  const [steps, gaps] = [[...strides], [...dilations]] as [Pair & [number, number], Pair & [number, number]];
  if (kind === 'dense') {
    const [top, left, bottom, right] = pads;
    const pad: [[number, number], [number, number], [number, number], [number, number]] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const operands = { x: x as Tensor4D, filter: filter as Tensor4D, strides: steps, pad, dilations: gaps };
    return bias
      ? tf.fused.conv2d({ ...operands, bias: bias as Tensor1D })
      : tf.conv2d(operands.x, operands.filter, steps, pad, 'NHWC', gaps);
  }
  const padded = padPicture(tf, x, pads) as Tensor4D;
  const sum: Tensor =
    kind === 'depthwise'
      ? tf.depthwiseConv2d(padded, filter as Tensor4D, steps, 'valid', 'NHWC', gaps)
      : grouped(tf, padded, filter as Tensor4D, groups, (part, own) =>
          tf.conv2d(part, own, steps, 'valid', 'NHWC', gaps),
        );
  return bias ? tf.add(sum, bias) : sum;
}

/** The transposed map of a convolution: y `[N,h,w,O]` -> `[N,...size,C]`. Its filter is that of `flipped` weights. */
function spreadOut(tf: Tf, y: Tensor, filter: Tensor, kind: Kind, attrs: ConvAttrs, kernel: Pair, size: Pair): Tensor {
  const { strides, dilations, pads } = attrs;
  const plain: ConvAttrs = { ...attrs, strides: [1, 1], pads: [0, 0, 0, 0] };
  const apart = (x: Tensor) => spread(tf, spread(tf, x, 1, strides[0]), 2, strides[1]);
  const reach = kernel.map((k, i) => dilations[i] * (k - 1));
  const before = reach.map((r, i) => r - pads[i]);
  const after = size.map((n, i) => n + pads[i] - ((y.shape[i + 1] - 1) * strides[i] + 1));
  const around: Pads = [before[0], before[1], after[0], after[1]];
  // A single pixel may be weighed before the zeros come in between.
  return kernel[0] * kernel[1] === 1
    ? padPicture(tf, apart(convolve(tf, y, filter, kind, plain)), around)
    : convolve(tf, padPicture(tf, apart(y), around), filter, kind, plain);
}

/** The weight's gradient: one product for each entry of the kernel. */
function weightGradient(tf: Tf, x: Tensor, y: Tensor, attrs: ConvAttrs, [kh, kw]: Pair): Tensor {
  const { strides, dilations, groups } = attrs;
  const [n, h, w, o] = y.shape;
  const [, , , c] = x.shape;
  const cg = c / groups;
  const reach = [dilations[0] * (kh - 1), dilations[1] * (kw - 1)] as const;
  const room = roomFor(tf, x, attrs.pads, reach, strides, [h, w]);
  const rows = n * h * w;
  const cotangents = tf.split<Tensor4D>(tf.reshape(y, [rows, o]), groups, 1);
  /** `[O,C/groups]` */
  const entry = (i: number, j: number) => {
    const under = met(tf, room, [i * dilations[0], j * dilations[1]], strides, [h, w]);
    const inputs = tf.split<Tensor4D>(tf.reshape(under, [rows, cg * groups]), groups, 1);
    return tf.concat(
      inputs.map((input, g) => tf.matMul<Tensor>(tf.transpose(cotangents[g]), input)),
      0,
    );
  };
  const entries = Array.from({ length: kh * kw }, (_, k) => entry(Math.floor(k / kw), k % kw));
  return tf.reshape(tf.transpose(tf.stack(entries), [1, 2, 0]), [o, cg, kh, kw]);
}

const biasOf = (bias: Value | undefined): Tensor | undefined => bias?.plain();

const filterFor = (node: Node, w: Value, kind: Kind, groups: number, turned: boolean, { tf, derived }: Run): Tensor =>
  derived(node, `${kind} filter${turned ? ', turned' : ''}, ${groups} groups`, () =>
    filterOf(tf, turned ? flipped(tf, w.plain(), groups) : w.plain(), groups, kind),
  );

export const conv = {
  conv: ({ inputs: [, weight], attrs }, [x, w, bias], run) => {
    const kind = kindOf(x.shape[1], attrs);
    const filter = filterFor(weight, w, kind, attrs.groups, false, run);
    return { last: convolve(run.tf, x.last(), filter, kind, attrs, biasOf(bias)) };
  },
  convInput: ({ inputs: [, weight], attrs }, [y, w], run) => {
    const kind = kindOf(y.shape[1], { ...attrs, strides: [1, 1] });
    const filter = filterFor(weight, w, kind, attrs.groups, true, run);
    const kernel = w.shape.slice(2) as unknown as Pair;
    return { last: spreadOut(run.tf, y.last(), filter, kind, attrs, kernel, attrs.size) };
  },
  convWeight: ({ attrs }, [x, y], { tf }) => ({
    plain: weightGradient(tf, x.last(), y.last(), attrs, attrs.kernel),
  }),
} satisfies Partial<Lowerings>;
