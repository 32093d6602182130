import { z } from 'zod';
import { baseline, baselineImage } from '../numeric/baseline.ts';
import { tensor } from '../numeric/tensor.ts';
import { output, scoreAltered } from './altered.ts';
import { defineExplainer } from './explainer.ts';
import { drawMask } from './rise/mask.ts';

/**
 * `Σ_i f(x ⊙ m_i) m_i / (N p)` over N random masks m_i, `[1,H,W]`, >= 0 for a probability f. The paper takes 4,000 masks for VGG-16
 * and 8,000 for ResNet-50; 1,000 are the default here, and the error falls with the root of their number.
 */
export const rise = defineExplainer({
  name: 'rise',
  title: 'RISE',
  paper: 'arXiv:1806.07421',
  options: z.strictObject({
    masks: z.int().positive().default(1000),
    /** Cells of a mask along a side; 8 in some of the authors' code. */
    grid: z.int().positive().default(7),
    /** Probability that a cell is kept. */
    p: z.number().gt(0).max(1).default(0.5),
    baseline: baseline.default('black'),
    output: output.default('probability'),
  }),
  async explain(context) {
    const { image, options, rng } = context;
    const [, height, width] = image.shape;
    const size = height * width;
    const cover = baselineImage(image, options.baseline).data;
    const sums = new Float64Array(size);
    const held = new Map<number, Float32Array>();
    await scoreAltered(
      context,
      options.output,
      options.masks,
      (i, pixels) => {
        const mask = drawMask(rng, options.grid, options.p, [height, width]);
        held.set(i, mask);
        for (let c = 0, k = 0; c < image.shape[0]; c++)
          for (let p = 0; p < size; p++, k++) pixels[k] = cover[k] + mask[p] * (image.data[k] - cover[k]);
      },
      (i, score) => {
        const mask = held.get(i)!;
        held.delete(i);
        for (let p = 0; p < size; p++) sums[p] += score * mask[p];
      },
    );
    return tensor(
      [1, height, width],
      sums.map((sum) => sum / (options.masks * options.p)),
    );
  },
});
