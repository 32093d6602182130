import { createPyramid } from './pyramid.ts';

/** A picture's size, and how far from the exact solution imputed values may be, roughly, in pixel units of [0,1]. */
interface Settings {
  readonly height: number;
  readonly width: number;
  readonly tolerance?: number;
}

/**
 * Replaces `pixels` (indices, some but not all) in every channel of `picture`, `height*width` values each, by ROAD's linear imputation without
 * its noise: a missing pixel is the mean of its eight neighbours inside the picture, known or missing, those beside it weighing 1/6, those
 * across 1/12. The sparse system is one for all channels and is solved in float64 by conjugate gradients, starting at what the picture
 * holds. Source: Rong et al. 2022, section 4.
 */
export function impute(
  picture: Float32Array,
  pixels: Uint32Array,
  { height, width, tolerance = 1e-4 }: Settings,
): void {
  const missing = pixels.toSorted(); // Row by row, as they lie in memory.
  const n = missing.length;
  const stride = width + 2; // A border of zeros around the picture spares the stencil its questions.
  const place = missing.map((p) => (Math.floor(p / width) + 1) * stride + (p % width) + 1);
  const grid = new Float64Array((height + 2) * stride);
  const around = (q: number) =>
    (grid[q - 1] + grid[q + 1] + grid[q - stride] + grid[q + stride]) / 6 +
    (grid[q - stride - 1] + grid[q - stride + 1] + grid[q + stride - 1] + grid[q + stride + 1]) / 12;

  for (let y = 1; y <= height; y++) grid.fill(1, y * stride + 1, y * stride + 1 + width);
  const diagonal = Float64Array.from(place, around);
  const precondition = createPyramid(place, stride, diagonal);

  const [x, r, z, p, q] = Array.from({ length: 5 }, () => new Float64Array(n));
  for (let channel = 0; channel < picture.length; channel += height * width) {
    // Known and guessed values together: what is off is the residual.
    for (let y = 0; y < height; y++)
      grid.set(picture.subarray(channel + y * width, channel + (y + 1) * width), (y + 1) * stride + 1);
    for (let k = 0; k < n; k++) {
      x[k] = grid[place[k]];
      r[k] = around(place[k]) - diagonal[k] * x[k];
    }
    grid.fill(0);
    let before = Infinity;
    p.fill(0);
    for (;;) {
      const error = precondition(r, z);
      if (error <= tolerance) break;
      const rz = dot(r, z);
      for (let k = 0; k < n; k++) grid[place[k]] = p[k] = z[k] + (rz / before) * p[k];
      for (let k = 0; k < n; k++) q[k] = diagonal[k] * p[k] - around(place[k]);
      const step = rz / dot(p, q);
      for (let k = 0; k < n; k++) {
        x[k] += step * p[k];
        r[k] -= step * q[k];
      }
      before = rz;
    }
    for (let k = 0; k < n; k++) picture[channel + missing[k]] = x[k];
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += a[k] * b[k];
  return total;
}
