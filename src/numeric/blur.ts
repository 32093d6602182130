import { at, type Tensor } from './tensor.ts';

/** `size` samples (odd) of a Gaussian of standard deviation `sigma` pixels, adding up to 1. */
export function gaussianKernel(size: number, sigma: number): Float64Array {
  const weights = Float64Array.from({ length: size }, (_, i) =>
    Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((s, w) => s + w, 0);
  return weights.map((w) => w / total);
}

// Mirrors at the centre of the border pixel, which is not repeated: c b | a b c | b a.
function reflect(i: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}

/** Filters the rows of `[height,width]` and returns the transpose, so that two calls filter both axes. */
function filterRows(values: ArrayLike<number>, height: number, width: number, kernel: Float64Array): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const source = Int32Array.from({ length: width + 2 * radius }, (_, i) => reflect(i - radius, width));
  const result = new Float64Array(height * width);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let total = 0;
      for (let k = 0; k < kernel.length; k++) total += kernel[k] * values[y * width + source[x + k]];
      result[x * height + y] = total;
    }
  return result;
}

/**
 * Filters a map `[height,width]` with an odd symmetric kernel along both axes. The border is reflected without repeating the edge pixel
 * (PyTorch's `reflect`, OpenCV's `BORDER_REFLECT_101`).
 */
export function filterMap(
  values: ArrayLike<number>,
  height: number,
  width: number,
  kernel: Float64Array,
): Float64Array {
  return filterRows(filterRows(values, height, width, kernel), width, height, kernel);
}

/** Blurs a picture `[C,H,W]` with a Gaussian kernel of `size` (odd) pixels a side; border as in `filterMap`. */
export function gaussianBlur(image: Tensor, size: number, sigma: number): Tensor {
  const [channels, height, width] = image.shape;
  const kernel = gaussianKernel(size, sigma);
  const data = new Float32Array(image.data.length);
  for (let c = 0; c < channels; c++) data.set(filterMap(at(image, c).data, height, width, kernel), c * height * width);
  return { shape: image.shape, data };
}
