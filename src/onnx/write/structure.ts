import { sizeOf } from '../../numeric/tensor.ts';
import type { NodeOf } from '../../graph/index.ts';
import type { Emitter } from './context.ts';
import type { Lowerings } from './lowering.ts';

/** Adds up by a product with a one-hot matrix, which is linear algebra and needs no atomic writes. */
function lowerScatterAdd(
  { inputs: [y, index], attrs: { axis, size }, shape }: NodeOf<'scatterAdd'>,
  [value, indices]: readonly string[],
  e: Emitter,
): string {
  const after = y.shape.slice(axis + index.shape.length) as number[];
  const before = y.shape.slice(0, axis);
  const count = sizeOf(index.shape as number[]);
  const flat = e.emit('Reshape', [indices, e.ints([-1])]);
  const depth = e.initializer(Int32Array.of(size), [], 'int64');
  const hot = e.emit('OneHot', [flat, depth, e.initializer(Float32Array.of(0, 1), [2])], { axis: 0 });
  const merged = e.reshape(value, [...before, count, sizeOf(after)]);
  return e.reshape(e.emit('MatMul', [hot, merged]), shape);
}

/** Over channels of pictures, a convolution with ones takes a third of the time of ReduceSum and keeps the blocked layout. */
function lowerReduceSum(
  { inputs: [node], attrs: { axes, keepDims }, shape }: NodeOf<'reduceSum'>,
  [x]: readonly string[],
  e: Emitter,
): string {
  const channels = node.shape[1];
  if (node.shape.length === 4 && axes.join() === '1' && typeof channels === 'number') {
    const sums = e.emit('Conv', [x, e.initializer(new Float32Array(channels).fill(1), [1, channels, 1, 1])]);
    return keepDims ? sums : e.reshape(sums, shape);
  }
  return e.emit('ReduceSum', [x, e.ints(axes)], { keepdims: keepDims ? 1 : 0 });
}

export const structure: Lowerings = {
  reshape: ({ attrs }, [x], e) => e.reshape(x, attrs.shape),
  transpose: ({ attrs }, inputs, e) => e.emit('Transpose', inputs, { perm: attrs.perm }),
  expand: ({ attrs }, [x], e) => e.emit('Expand', [x, e.shape(attrs.shape)]),
  slice: ({ attrs: { axis, start, end, step } }, [x], e) =>
    e.emit('Slice', [x, e.ints([start]), e.ints([end]), e.ints([axis]), e.ints([step])]),
  pad: ({ attrs: { before, after, value } }, [x], e) =>
    e.emit('Pad', [x, e.ints([...before, ...after]), e.initializer(Float32Array.of(value), [])]),
  concat: ({ attrs }, inputs, e) => e.emit('Concat', inputs, { axis: attrs.axis }),
  gather: ({ attrs }, inputs, e) => e.emit('Gather', inputs, { axis: attrs.axis }),
  scatterAdd: lowerScatterAdd,
  reduceSum: lowerReduceSum,
  reduceMean: ({ attrs }, [x], e) =>
    e.emit('ReduceMean', [x, e.ints(attrs.axes)], { keepdims: attrs.keepDims ? 1 : 0 }),
  reduceMax: ({ attrs }, [x], e) => e.emit('ReduceMax', [x, e.ints(attrs.axes)], { keepdims: attrs.keepDims ? 1 : 0 }),
  softmax: ({ attrs }, inputs, e) => e.emit('Softmax', inputs, { axis: attrs.axis }),
  logSoftmax: ({ attrs }, inputs, e) => e.emit('LogSoftmax', inputs, { axis: attrs.axis }),
};
