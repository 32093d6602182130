import type { Heatmap } from '../src/numeric/heatmap.ts';
import type { Rng } from '../src/numeric/random.ts';
import { descendingOrder } from '../src/numeric/sort.ts';
import { mean } from '../src/numeric/statistics.ts';
import type { Path } from './perturbation.ts';

/**
 * The pixels of all square patches of `side` pixels in descending order of the patches' mean relevance, cut after each of the first
 * `steps`. The grid of patches starts at the upper left corner; those at the right and lower border may be smaller. Ties fall in the order
 * drawn from `rng`.
 */
export function patchPath({ values, height, width }: Heatmap, side: number, steps: number, rng: Rng): Path {
  const columns = Math.ceil(width / side);
  const patches = Array.from({ length: columns * Math.ceil(height / side) }, (): number[] => []);
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) patches[Math.floor(y / side) * columns + Math.floor(x / side)].push(p);
  const relevance = Float64Array.from(patches, (pixels) => mean(pixels.map((p) => values[p])));
  const ranked = Array.from(descendingOrder(relevance, rng), (patch) => patches[patch]);
  const cuts = [0];
  for (const pixels of ranked.slice(0, steps)) cuts.push(cuts[cuts.length - 1] + pixels.length);
  return { order: Uint32Array.from(ranked.flat()), cuts };
}
