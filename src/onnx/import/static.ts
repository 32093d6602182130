import { broadcast, type Dim, type DType } from '../../graph/index.ts';
import { sizeOf } from '../../numeric/tensor.ts';
import type { DimOp } from './dims.ts';
import { checkedSize, numbers, type Static } from './value.ts';

/** How far apart neighbours along each axis lie in row-major order. */
function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** An empty array of the kind of another. */
const like = (data: ArrayLike<Dim>, size: number): { [i: number]: Dim } & ArrayLike<Dim> =>
  data instanceof Float32Array ? new Float32Array(size) : new Array<Dim>(size);

/** Entries of a tensor picked with a stride along each axis of a new shape: transposing, slicing and broadcasting are such views. */
function view(t: Static, shape: readonly number[], strides: readonly number[], offset = 0): Static {
  const data = like(t.data, checkedSize(sizeOf(shape)));
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let to = 0; to < data.length; to++) {
    data[to] = t.data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return { shape, dtype: t.dtype, data };
}

export const reshaped = (t: Static, shape: readonly number[]): Static => ({ ...t, shape });

export function transposed(t: Static, perm: readonly number[]): Static {
  const strides = stridesOf(t.shape);
  return view(
    t,
    perm.map((p) => t.shape[p]),
    perm.map((p) => strides[p]),
  );
}

export function expanded(t: Static, shape: readonly number[]): Static {
  const strides = stridesOf(t.shape);
  const lead = shape.length - t.shape.length;
  return view(
    t,
    shape,
    shape.map((_, i) => (i < lead || t.shape[i - lead] === 1 ? 0 : strides[i - lead])),
  );
}

/** `count` entries along an axis, from `start` in steps of `step` (negative too). */
export function sliced(t: Static, axis: number, start: number, count: number, step: number): Static {
  const strides = stridesOf(t.shape);
  const at = <T>(list: readonly T[], v: T) => list.map((d, i) => (i === axis ? v : d));
  return view(t, at(t.shape, count), at(strides, strides[axis] * step), strides[axis] * start);
}

export function concatenated(parts: readonly Static[], axis: number): Static {
  const [first] = parts;
  const length = parts.reduce((n, p) => n + p.shape[axis], 0);
  const shape = first.shape.map((d, i) => (i === axis ? length : d));
  const data = like(first.data, checkedSize(sizeOf(shape)));
  const rows = sizeOf(shape.slice(0, axis));
  let to = 0;
  for (let row = 0; row < rows; row++)
    for (const part of parts) {
      const width = sizeOf(part.shape.slice(axis));
      for (let i = 0; i < width; i++) data[to++] = part.data[row * width + i];
    }
  return { shape, dtype: first.dtype, data };
}

/** Entries along an axis at indices of any shape. */
export function gathered(t: Static, indices: Static, axis: number): Static {
  const picks = Array.from(numbers(indices), (i) => sliced(t, axis, i < 0 ? i + t.shape[axis] : i, 1, 1));
  const shape = [...t.shape.slice(0, axis), ...indices.shape, ...t.shape.slice(axis + 1)];
  return picks.length ? reshaped(concatenated(picks, axis), shape) : { shape, dtype: t.dtype, data: [] };
}

/** A function of each value. */
export function mapped(t: Static, f: (v: Dim) => Dim, dtype: DType = t.dtype): Static {
  return { shape: t.shape, dtype, data: stored(Array.from(t.data, f), dtype) };
}

/** A function of pairs of values, broadcast as in NumPy. */
export function zipped(a: Static, b: Static, f: DimOp, dtype: DType = a.dtype): Static {
  const shape = broadcast(a.shape, b.shape) as number[];
  const [x, y] = [expanded(a, shape).data, expanded(b, shape).data];
  return {
    shape,
    dtype,
    data: stored(
      Array.from(x, (v, i) => f(v, y[i])),
      dtype,
    ),
  };
}

/** Values of `a` where the condition holds, else of `b`, broadcast as in NumPy. */
export function chosen(condition: Static, a: Static, b: Static): Static {
  const shape = broadcast(condition.shape, a.shape, b.shape) as number[];
  const [c, x, y] = [condition, a, b].map((t) => expanded(t, shape).data);
  return {
    shape,
    dtype: a.dtype,
    data: stored(
      Array.from(c, (holds, i) => (holds ? x[i] : y[i])),
      a.dtype,
    ),
  };
}

/** Floats as a compact array, unless the batch size is among them. */
const stored = (data: Dim[], dtype: DType): ArrayLike<Dim> =>
  dtype === 'float32' && data.every((d) => typeof d === 'number') ? Float32Array.from(data) : data;

/** Folds the values along some axes into one. */
export function reduced(
  t: Static,
  axes: readonly number[],
  keepDims: boolean,
  f: (values: readonly Dim[]) => Dim,
): Static {
  const rest = t.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const count = sizeOf(axes.map((a) => t.shape[a]));
  const { data } = transposed(t, [...rest, ...axes]);
  const size = sizeOf(rest.map((i) => t.shape[i]));
  const values = Array.from({ length: size }, (_, i) =>
    f(Array.from({ length: count }, (_, k) => data[i * count + k])),
  );
  const shape = t.shape.flatMap((d, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [d]));
  return { shape, dtype: t.dtype, data: stored(values, t.dtype) };
}
