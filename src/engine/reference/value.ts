import { sizeOf } from '../../numeric/tensor.ts';

/** A dense float64 array in row-major order; booleans (0, 1) and integers are numbers too. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Makes a value. Throws RangeError when data and shape disagree. */
export function value(shape: readonly number[], data: ArrayLike<number>): Value {
  if (data.length !== sizeOf(shape))
    throw new RangeError(`a value of shape [${shape.join(',')}] needs ${sizeOf(shape)} numbers, got ${data.length}`);
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

/** How far apart in memory the neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Strides that read a value of shape `from` as if it were broadcast to `to`: 0 along repeated axes. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(from).map((s, axis) => (from[axis] === 1 ? 0 : s));
  return [...new Array<number>(to.length - from.length).fill(0), ...strides];
}

/** The places in memory met on a row-major walk over `shape` that starts at `start` and moves by `strides[i]` along axis i. */
export function offsets(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  let places = Int32Array.of(start);
  shape.forEach((extent, axis) => {
    const finer = new Int32Array(places.length * extent);
    places.forEach((place, i) => {
      for (let k = 0; k < extent; k++) finer[i * extent + k] = place + k * strides[axis];
    });
    places = finer;
  });
  return places;
}

/** Reads memory at places. */
export function pick(data: Float64Array, places: Int32Array): Float64Array {
  const result = new Float64Array(places.length);
  for (let i = 0; i < places.length; i++) result[i] = data[places[i]];
  return result;
}
