import { filterMap, gaussianKernel } from './blur.ts';
import { Undefined } from './errors.ts';
import type { Heatmap } from './heatmap.ts';

const windowSize = 11;
const sigma = 1.5;

/**
 * The mean structural similarity of two maps of one size, in [-1,1]: Gaussian window of 11x11 pixels and sigma 1.5, K1 = 0.01, K2 = 0.03,
 * population covariance, windows wholly inside the map only (scikit-image with `gaussian_weights=True,
 * use_sample_covariance=False`). The data range is the spread of both maps and 0 together: 1 for absolute maps normalised by their maximum.
 * Another range may be given.
 * Throws `Undefined` for maps smaller than the window and for two zero maps. Source: Wang et al. 2004.
 */
export function ssim(a: Heatmap, b: Heatmap, range = spread(a.values, b.values)): number {
  const { height, width } = a;
  if (Math.min(height, width) < windowSize)
    throw new Undefined(`SSIM needs maps of at least ${windowSize}x${windowSize} pixels, not ${height}x${width}`);
  if (range === 0) throw new Undefined('both maps are zero everywhere: SSIM has no data range');
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];

  const kernel = gaussianKernel(windowSize, sigma);
  const localMean = (x: Float64Array, y?: Float64Array) =>
    filterMap(y ? x.map((v, i) => v * y[i]) : x, height, width, kernel);
  const [x, y] = [a.values, b.values];
  const [mx, my, mxx, myy, mxy] = [localMean(x), localMean(y), localMean(x, x), localMean(y, y), localMean(x, y)];

  const border = (windowSize - 1) / 2;
  let total = 0;
  for (let row = border; row < height - border; row++)
    for (let column = border; column < width - border; column++) {
      const p = row * width + column;
      const product = mx[p] * my[p];
      const squares = mx[p] ** 2 + my[p] ** 2;
      const structure = (2 * (mxy[p] - product) + c2) / (mxx[p] + myy[p] - squares + c2);
      total += ((2 * product + c1) / (squares + c1)) * structure;
    }
  return total / ((height - 2 * border) * (width - 2 * border));
}

function spread(...maps: Float64Array[]): number {
  let [low, high] = [0, 0];
  for (const values of maps)
    for (const v of values) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  return high - low;
}
