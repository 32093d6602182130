import type { Rng } from '../../numeric/random.ts';

/** For each pixel of a side of `count`, the cell before it, the one after it, and the latter's share; half-pixel centres, edges extended. */
function taps(cells: number, enlarged: number, offset: number, count: number) {
  const [before, after] = [new Uint32Array(count), new Uint32Array(count)];
  const share = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const place = Math.min(Math.max(((i + offset + 0.5) * cells) / enlarged - 0.5, 0), cells - 1);
    before[i] = Math.floor(place);
    after[i] = Math.min(before[i] + 1, cells - 1);
    share[i] = place - before[i];
  }
  return { before, after, share };
}

/**
 * Draws a mask `[H*W]` in [0,1]: a random grid of ones (with probability p) and zeros, enlarged bilinearly to one cell more than the
 * picture and cropped at a random place.
 */
export function drawMask(rng: Rng, grid: number, p: number, [height, width]: readonly [number, number]): Float32Array {
  const cells = Uint8Array.from({ length: grid * grid }, () => (rng.uniform() < p ? 1 : 0));
  const [down, across] = [Math.ceil(height / grid), Math.ceil(width / grid)];
  const rows = taps(grid, (grid + 1) * down, rng.integer(down), height);
  const columns = taps(grid, (grid + 1) * across, rng.integer(across), width);
  const mask = new Float32Array(height * width);
  const line = new Float64Array(grid);
  for (let y = 0; y < height; y++) {
    const [before, after, share] = [rows.before[y] * grid, rows.after[y] * grid, rows.share[y]];
    for (let j = 0; j < grid; j++) line[j] = (1 - share) * cells[before + j] + share * cells[after + j];
    for (let x = 0; x < width; x++) {
      const low = line[columns.before[x]];
      mask[y * width + x] = low + columns.share[x] * (line[columns.after[x]] - low);
    }
  }
  return mask;
}
