import type { Tensor } from '../../numeric/tensor.ts';

/** XYZ of linear sRGB under D65, each row divided by the white point's value. */
const toXyz = [
  [0.412453 / 0.95047, 0.35758 / 0.95047, 0.180423 / 0.95047],
  [0.212671, 0.71516, 0.072169],
  [0.019334 / 1.08883, 0.119193 / 1.08883, 0.950227 / 1.08883],
] as const;

const linear = (v: number): number => (v > 0.04045 ? ((v + 0.055) / 1.055) ** 2.4 : v / 12.92);
const compressed = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);

/** CIE L*a*b* of an sRGB picture `[3,H,W]` in [0,1], interleaved: `[H*W,3]`, L* in [0,100]. */
export function toLab({ shape: [, height, width], data }: Tensor): Float64Array {
  const size = height * width;
  const lab = new Float64Array(3 * size);
  for (let p = 0; p < size; p++) {
    const [r, g, b] = [data[p], data[p + size], data[p + 2 * size]].map(linear);
    const [x, y, z] = toXyz.map((row) => compressed(row[0] * r + row[1] * g + row[2] * b));
    lab.set([116 * y - 16, 500 * (x - y), 200 * (y - z)], 3 * p);
  }
  return lab;
}
