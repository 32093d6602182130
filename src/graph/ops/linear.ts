import * as b from '../build.ts';
import type { ConvAttrs, Pair } from '../attrs.ts';
import { register, type Node, type TensorType } from '../node.ts';
import { broadcast, fixed, product, type Dim, type Shape } from '../shape.ts';

const float = (shape: Shape): TensorType => ({ shape, dtype: 'float32' });

function rank4(x: Node, what: string): Shape {
  if (x.shape.length !== 4) throw new RangeError(`${what} must have 4 axes`);
  return x.shape;
}

function convSize(size: Dim, kernel: Dim, axis: 0 | 1, { strides, pads, dilations }: ConvAttrs): Dim {
  const padded = fixed(size, 'the picture size') + pads[axis] + pads[axis + 2];
  const reach = dilations[axis] * (fixed(kernel, 'the kernel size') - 1) + 1;
  if (reach > padded) throw new RangeError(`a kernel that spans ${reach} pixels does not fit into ${padded}`);
  return Math.floor((padded - reach) / strides[axis]) + 1;
}

const channelsPerGroup = (channels: Dim, groups: number): Dim => {
  if (groups === 1) return channels;
  const c = fixed(channels, 'the number of channels');
  if (c % groups) throw new RangeError(`${c} channels do not split into ${groups} groups`);
  return c / groups;
};

function expectDim(got: Dim, want: Dim, what: string): void {
  if (got !== want) throw new RangeError(`${what} is ${got}, expected ${want}`);
}

function checkSizes(y: Shape, size: Pair | Shape, kernel: Shape | Pair, attrs: ConvAttrs): void {
  expectDim(y[2], convSize(size[0], kernel[0], 0, attrs), 'the height of the result');
  expectDim(y[3], convSize(size[1], kernel[1], 1, attrs), 'the width of the result');
}

const swapLast = (x: Node): Node => {
  const rank = x.shape.length;
  return b.transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
};

/** All vectors along the last axis as the rows of one matrix. */
const rows = (x: Node): Node => b.reshape(x, [product(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]]);

/*
 * `conv`, `convInput` and `convWeight` are the three gradients of one trilinear form T(x, w, y) = Σ y · conv(x, w). So each is
 * linear in both operands, and its derivatives are the other two.
 */
register(
  {
    op: 'conv',
    type: ([x, w, bias], attrs) => {
      const [n, c, h, width] = rank4(x, 'the input');
      const [o, cg, kh, kw] = rank4(w, 'the weight');
      expectDim(cg, channelsPerGroup(c, attrs.groups), 'the number of input channels of the weight');
      channelsPerGroup(o, attrs.groups);
      if (bias && (bias.shape.length !== 1 || bias.shape[0] !== o))
        throw new RangeError(`the bias must have the shape [${o}]`);
      return float([n, o, convSize(h, kh, 0, attrs), convSize(width, kw, 1, attrs)]);
    },
    derivative: ({ inputs: [x, w], attrs }, g) => [
      () => b.convInput(g, w, [b.sizeAlong(x, 2), b.sizeAlong(x, 3)], attrs),
      () => b.convWeight(x, g, [b.sizeAlong(w, 2), b.sizeAlong(w, 3)], attrs),
      () => b.reduceSum(g, [0, 2, 3]),
    ],
  },
  {
    op: 'convInput',
    type: ([y, w], attrs) => {
      const [n, o] = rank4(y, 'the output gradient');
      const [wo, cg, kh, kw] = rank4(w, 'the weight');
      expectDim(o, wo, 'the number of output channels');
      channelsPerGroup(o, attrs.groups);
      checkSizes(y.shape, attrs.size, [kh, kw], attrs);
      return float([n, attrs.groups === 1 ? cg : fixed(cg, 'the number of channels') * attrs.groups, ...attrs.size]);
    },
    derivative: ({ inputs: [y, w], attrs }, g) => [
      () => b.conv(g, w, undefined, convOnly(attrs)),
      () => b.convWeight(g, y, [b.sizeAlong(w, 2), b.sizeAlong(w, 3)], convOnly(attrs)),
    ],
  },
  {
    op: 'convWeight',
    type: ([x, y], attrs) => {
      const [n, c, h, w] = rank4(x, 'the input');
      const [yn, o] = rank4(y, 'the output gradient');
      expectDim(yn, n, 'the batch size');
      channelsPerGroup(o, attrs.groups);
      checkSizes(y.shape, [h, w], attrs.kernel, attrs);
      return float([o, channelsPerGroup(c, attrs.groups), ...attrs.kernel]);
    },
    derivative: ({ inputs: [x, y], attrs }, g) => [
      () => b.convInput(y, g, [b.sizeAlong(x, 2), b.sizeAlong(x, 3)], convOnly(attrs)),
      () => b.conv(x, g, undefined, convOnly(attrs)),
    ],
  },
  {
    op: 'dense',
    type: ([x, w, bias]) => {
      if (x.shape.length < 2) throw new RangeError('the input needs at least 2 axes');
      if (w.shape.length !== 2) throw new RangeError('the weight must have 2 axes');
      expectDim(x.shape[x.shape.length - 1], w.shape[0], 'the number of input features');
      if (bias && (bias.shape.length !== 1 || bias.shape[0] !== w.shape[1]))
        throw new RangeError(`the bias must have the shape [${w.shape[1]}]`);
      return float([...x.shape.slice(0, -1), w.shape[1]]);
    },
    derivative: ({ inputs: [x, w] }, g) => {
      const leading = x.shape.slice(0, -1).map((_, i) => i);
      return [() => b.dense(g, swapLast(w)), () => b.matmul(swapLast(rows(x)), rows(g)), () => b.reduceSum(g, leading)];
    },
  },
  {
    op: 'matmul',
    type: ([a, c]) => {
      if (a.shape.length < 2 || c.shape.length < 2) throw new RangeError('both operands need at least 2 axes');
      expectDim(c.shape[c.shape.length - 2], a.shape[a.shape.length - 1], 'the number of rows of the second operand');
      return float([
        ...broadcast(a.shape.slice(0, -2), c.shape.slice(0, -2)),
        a.shape[a.shape.length - 2],
        c.shape[c.shape.length - 1],
      ]);
    },
    derivative: ({ inputs: [a, c] }, g) => [
      () => b.sumTo(b.matmul(g, swapLast(c)), a.shape),
      () => b.sumTo(b.matmul(swapLast(a), g), c.shape),
    ],
  },
);

function convOnly({ strides, pads, dilations, groups }: ConvAttrs): ConvAttrs {
  return { strides, pads, dilations, groups };
}
