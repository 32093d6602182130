import { z } from 'zod';
import { baseline, baselineImage } from '../numeric/baseline.ts';
import { UserError } from '../numeric/errors.ts';
import { tensor } from '../numeric/tensor.ts';
import { output, scoreAltered } from './altered.ts';
import { defineExplainer } from './explainer.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The windows along one axis; the last one reaches the border and is cut off there, as in Captum. */
const spans = (size: number, window: number, stride: number): Span[] =>
  Array.from({ length: Math.ceil((size - window) / stride) + 1 }, (_, i) => ({
    start: i * stride,
    end: Math.min(i * stride + window, size),
  }));

/**
 * The drop of the score when a window is covered by the baseline, `[1,H,W]`; a pixel gets the mean drop over the windows that cover it (as
 * in Captum: the whole drop, not divided by the window's area). Throws UserError for a window that leaves gaps or does not fit.
 */
export const occlusion = defineExplainer({
  name: 'occlusion',
  title: 'Occlusion',
  paper: 'arXiv:1311.2901',
  options: z.strictObject({
    /** Side of the square window in pixels; by default an eighth of the picture's shorter side. */
    window: z.int().positive().optional(),
    /** Pixels from one window to the next; by default half the window. */
    stride: z.int().positive().optional(),
    baseline: baseline.default('mean'),
    output: output.default('logit'),
  }),
  async explain(context) {
    const { image, options } = context;
    const [, height, width] = image.shape;
    const window = options.window ?? Math.ceil(Math.min(height, width) / 8);
    const stride = options.stride ?? Math.ceil(window / 2);
    if (window > Math.min(height, width))
      throw new UserError(`occlusion: a window of ${window} pixels does not fit into a picture of ${height}x${width}`);
    if (stride > window)
      throw new UserError(`occlusion: a stride of ${stride} leaves gaps between windows of ${window} pixels`);

    const size = height * width;
    const cover = baselineImage(image, options.baseline).data;
    const columns = spans(width, window, stride);
    const windows = spans(height, window, stride).flatMap((rows) => columns.map((column) => ({ rows, column })));
    const drops = new Float64Array(size);
    const covered = new Uint32Array(size);
    let clean = NaN;
    await scoreAltered(
      context,
      options.output,
      windows.length + 1,
      (i, pixels) => {
        pixels.set(image.data);
        if (i === 0) return;
        const { rows, column } = windows[i - 1];
        for (let c = 0; c < image.shape[0]; c++)
          for (let y = rows.start; y < rows.end; y++) {
            const row = c * size + y * width;
            pixels.set(cover.subarray(row + column.start, row + column.end), row + column.start);
          }
      },
      (i, score) => {
        if (i === 0) {
          clean = score;
          return;
        }
        const { rows, column } = windows[i - 1];
        for (let y = rows.start; y < rows.end; y++)
          for (let p = y * width + column.start; p < y * width + column.end; p++) {
            drops[p] += clean - score;
            covered[p]++;
          }
      },
    );
    return tensor(
      [1, height, width],
      drops.map((drop, p) => drop / covered[p]),
    );
  },
});
