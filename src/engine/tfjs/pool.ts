import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { AvgPoolAttrs, Pads, Pair, PoolAttrs } from '../../graph/index.ts';
import { sizeOf } from '../../numeric/tensor.ts';
import type { Tf } from './backend.ts';
import type { Lowerings } from './lowering.ts';
import { positions } from './routing.ts';
import { met, padPicture, roomFor, spread } from './spread.ts';
import { permuted, type Value } from './value.ts';

/** Below every value of a picture. */
const lowest = -3.4028234663852886e38;

/** The padding under which the windows just cover the picture; what a last window leaves out is cropped. */
function cover(size: readonly number[], pooled: readonly number[], { kernel, strides, pads }: PoolAttrs): Pads {
  const behind = [0, 1].map((a) => (pooled[a] - 1) * strides[a] + kernel[a] - pads[a] - size[a]);
  return [pads[0], pads[1], behind[0], behind[1]];
}

/** Pixels in each window of one axis, by the rule of `countPadding`. */
function counts(
  count: number,
  size: number,
  a: 0 | 1,
  { kernel, strides, pads, countPadding }: AvgPoolAttrs,
): number[] {
  const low = countPadding ? 0 : pads[a];
  const high = size + pads[a] + (countPadding ? pads[a + 2] : 0);
  return Array.from(
    { length: count },
    (_, i) => Math.min(i * strides[a] + kernel[a], high) - Math.max(i * strides[a], low),
  );
}

/** One over the number of pixels in each window, `[1,h,w,1]`. */
function shares(tf: Tf, [h, w]: readonly number[], [height, width]: readonly number[], attrs: AvgPoolAttrs): Tensor {
  const column = tf.tensor(counts(h, height, 0, attrs), [1, h, 1, 1]);
  const row = tf.tensor(counts(w, width, 1, attrs), [1, 1, w, 1]);
  return tf.reciprocal(tf.mul(column, row));
}

/** Sum of each window of `[N,H,W,C]`. */
const sums = (tf: Tf, x: Tensor, kernel: Pair, strides: Pair): Tensor =>
  tf.mul(tf.avgPool(x as Tensor4D, [...kernel], [...strides], 'valid'), kernel[0] * kernel[1]);

/** The offsets into a window, row by row. */
const offsets = ({ kernel: [kh, kw] }: PoolAttrs): Pair[] =>
  Array.from({ length: kh * kw }, (_, o) => [Math.floor(o / kw), o % kw]);

/** The windows' view of a picture from each offset, `[N,h,w,C]`. */
function views(tf: Tf, x: Tensor, pooled: readonly number[], attrs: PoolAttrs, value: number): (o: Pair) => Tensor {
  const { kernel, strides, pads } = attrs;
  const count = [pooled[2], pooled[3]] as const;
  const room = roomFor(tf, x, pads, [kernel[0] - 1, kernel[1] - 1], strides, count, value);
  return (o) => met(tf, room, o, strides, count);
}

/** At which offset into each window its first maximum is, `[N,h,w,C]`. */
function firstMaxima(tf: Tf, x: Value, pooled: readonly number[], attrs: PoolAttrs): Tensor {
  const view = views(tf, x.last(), pooled, attrs, lowest);
  const [first, ...rest] = offsets(attrs).map(view);
  let best = first;
  let choice = tf.zeros(first.shape);
  rest.forEach((here, o) => {
    // A window may begin with padding, which is never its maximum.
    choice = tf.where(tf.greater(here, best), tf.fill(here.shape, o + 1), choice);
    best = tf.maximum(best, here);
  });
  return choice;
}

const flat = (tf: Tf, x: Tensor): Tensor => tf.reshape(x, [x.size]);
export const pool = {
  maxPool: ({ attrs }, [x], { tf, shape }) => {
    const padded = padPicture(tf, x.last(), cover(x.shape.slice(2), shape.slice(2), attrs), lowest);
    return { last: tf.maxPool(padded as Tensor4D, [...attrs.kernel], [...attrs.strides], 'valid') };
  },
  maxPoolIndices: ({ attrs }, [x], { tf, shape }) => ({
    routing: { choice: firstMaxima(tf, x, shape, attrs), picture: x.shape, attrs },
  }),
  poolGather: (_, [x, indices], { tf, shape }) => {
    const { routing } = indices;
    if (!routing) return { plain: tf.reshape(tf.gather(flat(tf, x.plain()), flat(tf, indices.plain())), [...shape]) };
    // By choosing: a gather takes 80 ns a value in WebAssembly.
    const view = views(tf, x.last(), shape, routing.attrs, 0);
    const [first, ...rest] = offsets(routing.attrs).map(view);
    return { last: rest.reduce((y, here, o) => tf.where(tf.equal(routing.choice, o + 1), here, y), first) };
  },
  poolScatter: (_, [y, indices], { tf, shape }) => {
    const { routing } = indices;
    const at = routing ? positions(tf, routing) : indices.plain();
    const values = routing ? y.last() : y.plain();
    const sum = tf.scatterND(tf.reshape(at, [at.size, 1]), flat(tf, values), [sizeOf(shape)]);
    return routing ? { last: tf.reshape(sum, permuted(shape)) } : { plain: tf.reshape(sum, [...shape]) };
  },
  avgPool: ({ attrs }, [x], { tf, shape }) => {
    const { kernel, strides, pads, ceil } = attrs;
    const size = x.shape.slice(2);
    const padded = padPicture(tf, x.last(), cover(size, shape.slice(2), attrs));
    if (!ceil && pads.every((p) => p === 0))
      return { last: tf.avgPool(padded as Tensor4D, [...kernel], [...strides], 'valid') };
    return { last: tf.mul(sums(tf, padded, kernel, strides), shares(tf, shape.slice(2), size, attrs)) };
  },
  avgPoolInput: ({ attrs }, [y], { tf }) => {
    const { kernel, strides, size } = attrs;
    const pooled = y.shape.slice(2);
    const divided = tf.mul(y.last(), shares(tf, pooled, size, attrs));
    const apart = spread(tf, spread(tf, divided, 1, strides[0]), 2, strides[1]);
    const [top, left, bottom, right] = cover(size, pooled, attrs);
    const [over, across] = kernel.map((k) => k - 1);
    const around: Pads = [over - top, across - left, over - bottom, across - right];
    return { last: sums(tf, padPicture(tf, apart, around), kernel, [1, 1]) };
  },
} satisfies Partial<Lowerings>;
