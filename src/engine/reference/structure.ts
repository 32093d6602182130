import { sizeOf } from '../../numeric/tensor.ts';
import type { Kernels } from './kernel.ts';
import { broadcastStrides, offsets, pick, stridesOf, type Value } from './value.ts';

/** For each entry of the result of a `gather` from shape `x` along an axis: where it comes from. */
function gathered(x: readonly number[], indices: Value, axis: number): Int32Array {
  const size = x[axis];
  const inner = sizeOf(x.slice(axis + 1));
  const places: number[] = [];
  for (let outer = 0; outer < sizeOf(x.slice(0, axis)); outer++)
    for (const index of indices.data) {
      if (index < -size || index >= size) throw new RangeError(`index ${index} is outside an axis of size ${size}`);
      const start = (outer * size + (index < 0 ? index + size : index)) * inner;
      for (let i = 0; i < inner; i++) places.push(start + i);
    }
  return Int32Array.from(places);
}

export const structure = {
  constant: (_, { data }) => Float64Array.from(data),
  reshape: ([x]) => x.data,
  transpose: ([x], { perm }, { shape }) => {
    const strides = stridesOf(x.shape);
    return pick(
      x.data,
      offsets(
        shape,
        perm.map((axis) => strides[axis]),
      ),
    );
  },
  expand: ([x], _, { shape }) => pick(x.data, offsets(shape, broadcastStrides(x.shape, shape))),
  slice: ([x], { axis, start, step }, { shape }) => {
    const strides = stridesOf(x.shape);
    return pick(x.data, offsets(shape, strides.with(axis, strides[axis] * step), start * strides[axis]));
  },
  pad: ([x], { before, value }, { shape }) => {
    const strides = stridesOf(shape);
    const start = before.reduce((at, amount, axis) => at + amount * strides[axis], 0);
    const y = new Float64Array(sizeOf(shape)).fill(value);
    offsets(x.shape, strides, start).forEach((at, i) => (y[at] = x.data[i]));
    return y;
  },
  concat: (parts, { axis }, { shape }) => {
    const strides = stridesOf(shape);
    const y = new Float64Array(sizeOf(shape));
    let start = 0;
    for (const part of parts) {
      offsets(part.shape, strides, start * strides[axis]).forEach((at, i) => (y[at] = part.data[i]));
      start += part.shape[axis];
    }
    return y;
  },
  gather: ([x, indices], { axis }) => pick(x.data, gathered(x.shape, indices, axis)),
  scatterAdd: ([y, indices], { axis }, { shape }) => {
    const x = new Float64Array(sizeOf(shape));
    gathered(shape, indices, axis).forEach((at, i) => (x[at] += y.data[i]));
    return x;
  },
} satisfies Partial<Kernels>;
