/**
 * Names the first value that is NaN or infinite, with its place in an array of the given shape, e.g. `NaN at [0,3,5]`;
 * undefined when all values are finite.
 */
export function firstNonFinite(values: Float32Array | Float64Array, shape: readonly number[]): string | undefined {
  let index = 0;
  while (index < values.length && Number.isFinite(values[index])) index++;
  if (index === values.length) return undefined;
  const place: number[] = [];
  let rest = index;
  for (const extent of shape.toReversed()) {
    place.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return `${values[index]} at [${place.join(',')}]`;
}
