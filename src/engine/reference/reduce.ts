import { sizeOf } from '../../numeric/tensor.ts';
import type { Kernels } from './kernel.ts';
import { offsets, stridesOf, type Value } from './value.ts';

/** For each entry of a value the place of its group, that is of the entries that differ from it along `axes` only. */
function groups(shape: readonly number[], axes: readonly number[]): { places: Int32Array; count: number } {
  const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const strides = stridesOf(kept).map((s, axis) => (axes.includes(axis) ? 0 : s));
  return { places: offsets(shape, strides), count: sizeOf(kept) };
}

function sums(data: Float64Array, { places, count }: ReturnType<typeof groups>): Float64Array {
  const totals = new Float64Array(count);
  places.forEach((group, i) => (totals[group] += data[i]));
  return totals;
}

function maxima(data: Float64Array, { places, count }: ReturnType<typeof groups>): Float64Array {
  const largest = new Float64Array(count).fill(-Infinity);
  places.forEach((group, i) => (largest[group] = Math.max(largest[group], data[i])));
  return largest;
}

// Shifted by the maximum, so that nothing overflows.
function logSoftmax(x: Value, axis: number): Float64Array {
  const along = groups(x.shape, [axis]);
  const largest = maxima(x.data, along);
  const shifted = x.data.map((v, i) => v - largest[along.places[i]]);
  const totals = sums(shifted.map(Math.exp), along);
  return shifted.map((v, i) => v - Math.log(totals[along.places[i]]));
}

export const reduce = {
  reduceSum: ([x], { axes }) => sums(x.data, groups(x.shape, axes)),
  reduceMean: ([x], { axes }) => {
    const along = groups(x.shape, axes);
    return sums(x.data, along).map((total) => (total * along.count) / x.data.length);
  },
  reduceMax: ([x], { axes }) => maxima(x.data, groups(x.shape, axes)),
  softmax: ([x], { axis }) => logSoftmax(x, axis).map(Math.exp),
  logSoftmax: ([x], { axis }) => logSoftmax(x, axis),
} satisfies Partial<Kernels>;
