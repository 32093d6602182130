import type { Tensor } from '../../numeric/tensor.ts';
import { connected } from './connected.ts';
import { toLab } from './lab.ts';
import { gridSegments, type Segmentation } from './segmentation.ts';

/** Values of a centre: L*, a*, b*, row, column. */
const parts = 5;
const iterations = 10;

/** The mean colour and place of each segment; an empty one keeps what it had. */
function moveCentres(centres: Float64Array, labels: Int32Array, lab: Float64Array, width: number): void {
  const sums = new Float64Array(centres.length);
  const counts = new Uint32Array(centres.length / parts);
  labels.forEach((label, p) => {
    for (let i = 0; i < 3; i++) sums[label * parts + i] += lab[3 * p + i];
    sums[label * parts + 3] += Math.floor(p / width);
    sums[label * parts + 4] += p % width;
    counts[label]++;
  });
  sums.forEach((sum, i) => {
    const count = counts[Math.floor(i / parts)];
    if (count > 0) centres[i] = sum / count;
  });
}

/**
 * SLIC superpixels of a picture `[3,H,W]` in [0,1]: k-means in L*a*b* and place, started on a grid of about `count` cells, ten
 * rounds. A larger `compactness` gives squarer segments. Draws no random numbers. Source: Achanta et al. 2012,
 * doi:10.1109/TPAMI.2012.120, without its shift of the first centres to a low gradient, and with segments made connected by
 * `connected`: joining small parts to a neighbour, as the paper does, leaves a handful of segments where a picture is noisy.
 */
export function slic(image: Tensor, count: number, compactness = 10): Segmentation {
  const [, height, width] = image.shape;
  const size = height * width;
  const lab = toLab(image);
  const start = gridSegments([height, width], count);
  const step = Math.sqrt(size / start.count);
  const labels = start.labels.slice();
  const centres = new Float64Array(start.count * parts);
  moveCentres(centres, labels, lab, width);
  const nearness = (compactness / step) ** 2;
  const reach = Math.ceil(step);
  const distances = new Float64Array(size);
  for (let round = 0; round < iterations; round++) {
    distances.fill(Infinity);
    for (let k = 0; k < start.count; k++) {
      const [l, a, b, row, column] = centres.subarray(k * parts, (k + 1) * parts);
      const [y0, x0] = [Math.max(Math.round(row) - reach, 0), Math.max(Math.round(column) - reach, 0)];
      const y1 = Math.min(Math.round(row) + reach, height - 1);
      const x1 = Math.min(Math.round(column) + reach, width - 1);
      for (let y = y0; y <= y1; y++)
        for (let x = x0; x <= x1; x++) {
          const p = y * width + x;
          const colour = (lab[3 * p] - l) ** 2 + (lab[3 * p + 1] - a) ** 2 + (lab[3 * p + 2] - b) ** 2;
          const distance = colour + nearness * ((y - row) ** 2 + (x - column) ** 2);
          if (distance >= distances[p]) continue;
          distances[p] = distance;
          labels[p] = k;
        }
    }
    moveCentres(centres, labels, lab, width);
  }
  return connected(labels, width);
}
