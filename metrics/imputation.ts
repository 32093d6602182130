import { createLevels, cycle } from './multigrid.ts';

/** A picture's size, and how far from the exact solution imputed values may be, roughly, in pixel units of [0,1]. */
interface Settings {
  readonly height: number;
  readonly width: number;
  readonly tolerance?: number;
}

/**
 * Replaces `pixels` (indices, some but not all) in every channel of `picture`, `height*width` values each, by ROAD's linear imputation without
 * its noise: a missing pixel is the mean of its eight neighbours inside the picture, known or missing, those beside it weighing 1/6, those
 * across 1/12. The sparse system is one for all channels and is solved in float64 by multigrid cycles, starting at what the picture
 * holds. Source: Rong et al. 2022, section 4.
 */
export function impute(
  picture: Float32Array,
  pixels: Uint32Array,
  { height, width, tolerance = 1e-3 }: Settings,
): void {
  const size = height * width;
  const missing = new Uint8Array(size);
  for (const p of pixels) missing[p] = 1;
  const levels = createLevels(height, width, missing);
  const [{ value, stride }] = levels;
  for (let channel = 0; channel < picture.length; channel += size) {
    const rows = Array.from({ length: height }, (_, y) =>
      picture.subarray(channel + y * width, channel + (y + 1) * width),
    );
    rows.forEach((row, y) => value.set(row, (y + 1) * stride + 1));
    while (cycle(levels) > tolerance);
    rows.forEach((row, y) => row.set(value.subarray((y + 1) * stride + 1, (y + 1) * stride + 1 + width)));
  }
}
