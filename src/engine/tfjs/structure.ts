import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpName } from '../../graph/index.ts';
import { sizeOf } from '../../numeric/tensor.ts';
import type { Tf } from './backend.ts';
import type { Lowering, Lowerings } from './lowering.ts';
import { axesLast, permuted, together, toPlain, type Value } from './value.ts';

type Reduction = (x: Tensor, axes: number[], keepDims: boolean) => Tensor;

const reduction =
  <K extends 'reduceSum' | 'reduceMean' | 'reduceMax'>(f: (tf: Tf) => Reduction): Lowering<K> =>
  ({ attrs: { axes, keepDims } }, [x], { tf, shape }) => {
    if (!x.isLast) return { plain: f(tf)(x.plain(), [...axes], keepDims) };
    const reduced = f(tf)(
      x.last(),
      axes.map((a) => axesLast[a]),
      true,
    );
    if (keepDims) return { last: reduced };
    const kept = x.shape.map((d, a) => (axes.includes(a) ? 1 : d));
    return { plain: tf.reshape(toPlain(tf, reduced, kept), [...shape]) };
  };

/** For functions along the last axis only: brings another axis there and back. */
function along(tf: Tf, x: Tensor, axis: number, f: (x: Tensor) => Tensor): Tensor {
  const last = x.shape.length - 1;
  if (axis === last) return f(x);
  const swap = x.shape.map((_, a) => (a === axis ? last : a === last ? axis : a));
  return tf.transpose(f(tf.transpose(x, swap)), swap);
}

const normalised =
  <K extends 'softmax' | 'logSoftmax'>(f: (tf: Tf) => (x: Tensor) => Tensor): Lowering<K> =>
  ({ attrs: { axis } }, [x], { tf }) =>
    x.isLast ? { last: along(tf, x.last(), axesLast[axis], f(tf)) } : { plain: along(tf, x.plain(), axis, f(tf)) };

/** An op whose attributes speak of axes, in the layout in which its operand lies. */
const inLayout =
  <K extends OpName>(
    f: (
      tf: Tf,
      x: Tensor,
      attrs: Parameters<Lowering<K>>[0]['attrs'],
      isLast: boolean,
      shape: readonly number[],
    ) => Tensor,
  ): Lowering<K> =>
  ({ attrs }, [x], { tf, shape }) =>
    x.isLast ? { last: f(tf, x.last(), attrs, true, shape) } : { plain: f(tf, x.plain(), attrs, false, shape) };

/** Indices that count from the end, counted from the front. */
const fromFront = (tf: Tf, indices: Value, size: number): Tensor => {
  const at = indices.plain();
  return tf.where(tf.less(at, tf.scalar(0, 'int32')), tf.add(at, tf.scalar(size, 'int32')), at);
};

/** Axis by axis where there are many: WebGPU pads at most 4 axes. */
function padAxes(tf: Tf, x: Tensor, amounts: [number, number][], value: number): Tensor {
  if (x.shape.length <= 4) return tf.pad(x, amounts, value);
  return amounts.reduce((y, amount, axis) => {
    if (amount[0] + amount[1] === 0) return y;
    const size = y.shape[axis];
    const [outer, inner] = [sizeOf(y.shape.slice(0, axis)), sizeOf(y.shape.slice(axis + 1))];
    const padded = tf.pad(tf.reshape(y, [outer, size, inner]), [[0, 0], amount, [0, 0]], value);
    return tf.reshape(padded, y.shape.with(axis, size + amount[0] + amount[1]));
  }, x);
}

export const structure = {
  reshape: (_, [x], { tf, shape }) => ({ plain: tf.reshape(x.plain(), [...shape]) }),
  transpose: ({ attrs: { perm } }, [x], { tf }) => ({ plain: tf.transpose(x.plain(), [...perm]) }),
  // Adding to zeros broadcasts 10 times as fast as TensorFlow.js' own way, which lays tiles.
  expand: ({ dtype }, [x], { tf, shape }) => {
    const to = (t: Tensor, s: readonly number[]) =>
      dtype === 'float32' ? tf.add(t, tf.zeros([...s])) : tf.broadcastTo(t, [...s]);
    return x.isLast && shape.length === 4 ? { last: to(x.last(), permuted(shape)) } : { plain: to(x.plain(), shape) };
  },
  slice: inLayout<'slice'>((tf, x, { axis, start, end, step }, isLast) => {
    const a = isLast ? axesLast[axis] : axis;
    const begin = x.shape.map((_, i) => (i === a ? start : 0));
    if (step === 1) return tf.slice(x, begin, x.shape.with(a, end - start));
    return tf.stridedSlice(
      x,
      begin,
      x.shape.with(a, end),
      x.shape.map((_, i) => (i === a ? step : 1)),
    );
  }),
  pad: inLayout<'pad'>((tf, x, { before, after, value }, isLast) => {
    const amounts = before.map((b, i): [number, number] => [b, after[i]]);
    return padAxes(tf, x, isLast ? permuted(amounts) : amounts, value);
  }),
  concat: ({ attrs: { axis } }, parts, { tf, shape }) => {
    const isLast = parts.some((p) => p.isLast);
    return together(parts, shape.length, (tensors) => tf.concat(tensors, isLast ? axesLast[axis] : axis));
  },
  gather: ({ attrs: { axis } }, [x, indices], { tf, shape }) => {
    const at = fromFront(tf, indices, x.shape[axis]);
    return { plain: tf.reshape(tf.gather(x.plain(), tf.reshape(at, [at.size]), axis), [...shape]) };
  },
  // A product with a one-hot matrix is linear algebra and needs no atomic writes.
  scatterAdd: ({ attrs: { axis, size } }, [y, indices], { tf, shape }) => {
    const at = fromFront(tf, indices, size);
    const hot = tf.cast(
      tf.equal(tf.reshape(tf.range(0, size, 1, 'int32'), [size, 1]), tf.reshape(at, [1, at.size])),
      'float32',
    );
    const [before, after] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
    const columns = tf.transpose(tf.reshape(y.plain(), [before, at.size, after]), [1, 0, 2]);
    const sums = tf.matMul(hot, tf.reshape(columns, [at.size, before * after]));
    return { plain: tf.reshape(tf.transpose(tf.reshape(sums, [size, before, after]), [1, 0, 2]), [...shape]) };
  },
  reduceSum: reduction((tf) => tf.sum),
  reduceMean: reduction((tf) => tf.mean),
  reduceMax: reduction((tf) => tf.max),
  softmax: normalised((tf) => (x) => tf.softmax(x)),
  logSoftmax: normalised((tf) => (x) => tf.logSoftmax(x)),
} satisfies Partial<Lowerings>;
