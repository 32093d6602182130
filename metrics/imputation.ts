import { cycle } from './multigrid/cycle.ts';
import { createLevel, withCoarser, type Level } from './multigrid/level.ts';
import { sweep } from './multigrid/sweep.ts';

/** A picture's size, and how far from the exact solution imputed colours may be, roughly, in pixel units of [0,1]. */
interface Settings {
  readonly height: number;
  readonly width: number;
  readonly tolerance?: number;
}

/**
 * Replaces `pixels` (indices, some but not all) of a picture `[3,height,width]` by ROAD's linear imputation without its noise: a missing pixel
 * is the mean of its eight neighbours inside the picture, known or missing, those beside it weighing 1/6, those across 1/12. The sparse system is one for
 * all channels and is solved in float64, starting at what the picture holds. Source: Rong et al. 2022, section 4.
 */
export function impute(
  picture: Float32Array,
  pixels: Uint32Array,
  { height, width, tolerance = 1e-3 }: Settings,
): void {
  const size = height * width;
  const missing = new Uint8Array(size);
  for (const p of pixels) missing[p] = 1;
  const level = createLevel(height, width, missing);
  const { value, stride } = level;
  for (let y = 0, p = 0; y < height; y++)
    for (let i = 3 * ((y + 1) * stride + 1); p < (y + 1) * width; p++, i += 3) {
      value[i] = picture[p];
      value[i + 1] = picture[p + size];
      value[i + 2] = picture[p + 2 * size];
    }
  solve(level, tolerance);
  for (let y = 0, p = 0; y < height; y++)
    for (let i = 3 * ((y + 1) * stride + 1); p < (y + 1) * width; p++, i += 3) {
      picture[p] = value[i];
      picture[p + size] = value[i + 1];
      picture[p + 2 * size] = value[i + 2];
    }
}

/** Sweeps whose change shrinks faster than this, squared, are worth more than cycles, which take eight times as long and shrink it to a tenth. */
const worthwhile = 0.65 ** 2;

/** Sweeps suffice where most unknowns lie beside something known, as in a map of noise; where they slow down, multigrid cycles follow. */
function solve(level: Level, tolerance: number): void {
  const enough = tolerance ** 2;
  let [before, change] = [Infinity, sweep(level)];
  while (change > enough && change < worthwhile * before) [before, change] = [change, sweep(level)];
  if (change <= enough) return;
  const levels = withCoarser(level);
  while (cycle(levels) > enough);
}
