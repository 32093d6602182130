/** A dense float32 array in row-major order on the host. `data.length` is the product of `shape`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Number of elements of a shape; 1 for a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** Makes a tensor; without data it is filled with zeros. Throws RangeError when data and shape disagree. */
export function tensor(shape: readonly number[], data?: ArrayLike<number>): Tensor {
  const size = sizeOf(shape);
  if (data && data.length !== size)
    throw new RangeError(`a tensor of shape [${shape.join(',')}] needs ${size} values, got ${data.length}`);
  const array = data instanceof Float32Array ? data : data ? Float32Array.from(data) : new Float32Array(size);
  return { shape, data: array };
}

/** The `i`-th entry along the first axis, as a view: `[N,...rest]` -> `[...rest]`. */
export function at(t: Tensor, i: number): Tensor {
  const rest = t.shape.slice(1);
  const size = sizeOf(rest);
  return { shape: rest, data: t.data.subarray(i * size, (i + 1) * size) };
}

/** The entries along the first axis, as views. */
export const rowsOf = (t: Tensor): Tensor[] => Array.from({ length: t.shape[0] }, (_, i) => at(t, i));

/** The same values in memory of their own: a view keeps all that it is a view of. */
export const copyOf = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });

/** Stacks tensors of one shape along a new first axis: N x `[...rest]` -> `[N,...rest]`. */
export function stack(parts: readonly Tensor[]): Tensor {
  const rest = parts[0].shape;
  const size = sizeOf(rest);
  const data = new Float32Array(parts.length * size);
  parts.forEach((p, i) => data.set(p.data, i * size));
  return { shape: [parts.length, ...rest], data };
}

/** Adds a leading axis of one, sharing the data: `[...rest]` -> `[1,...rest]`. */
export const batchOf = (t: Tensor): Tensor => ({ shape: [1, ...t.shape], data: t.data });

/** Rows `[n,K]` that are 1 at one class and 0 elsewhere. */
export function oneHot(label: number, classes: number, n = 1): Tensor {
  const data = new Float32Array(n * classes);
  for (let i = 0; i < n; i++) data[i * classes + label] = 1;
  return { shape: [n, classes], data };
}

/** Where the largest value is, the first of several; -1 where there is a NaN. */
export const argMax = (values: Float32Array): number => values.indexOf(Math.max(...values));
