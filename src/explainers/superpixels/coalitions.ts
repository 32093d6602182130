import { z } from 'zod';
import { baseline, baselineImage } from '../../numeric/baseline.ts';
import { tensor, type Tensor } from '../../numeric/tensor.ts';
import { output, scoreAltered } from '../altered.ts';
import type { PredictionContext } from '../explainer.ts';
import { gridSegments, type Segmentation } from './segmentation.ts';
import { slic } from './slic.ts';

/** Options of all explainers that hide segments. */
export const segmentOptions = {
  /** SLIC superpixels (compactness 10), or equal rectangles. */
  segments: z.enum(['slic', 'grid']).default('slic'),
  /** About how many segments. */
  count: z.int().positive().default(50),
  /** What hidden segments become. */
  baseline: baseline.default('mean'),
  output: output.default('logit'),
};
type SegmentOptions = z.infer<z.ZodObject<typeof segmentOptions>>;

/** The segments of a picture `[3,H,W]`. */
export const segmentsOf = (image: Tensor, { segments, count }: SegmentOptions): Segmentation =>
  segments === 'slic' ? slic(image, count) : gridSegments([image.shape[1], image.shape[2]], count);

/** The scores of pictures that show some segments and hide the others behind the baseline; a coalition holds 1 for each one shown. */
export async function coalitionScores(
  context: PredictionContext<SegmentOptions>,
  { labels }: Segmentation,
  coalitions: readonly Uint8Array[],
): Promise<Float64Array> {
  const { image, options } = context;
  const cover = baselineImage(image, options.baseline).data;
  const scores = new Float64Array(coalitions.length);
  await scoreAltered(
    context,
    options.output,
    coalitions.length,
    (i, pixels) => {
      for (let c = 0, k = 0; c < image.shape[0]; c++)
        for (let p = 0; p < labels.length; p++, k++) pixels[k] = coalitions[i][labels[p]] ? image.data[k] : cover[k];
    },
    (i, score) => (scores[i] = score),
  );
  return scores;
}

/** Each pixel with its segment's weight (not divided by its area), `[1,H,W]`. */
export const paint = ({ shape }: Tensor, { labels }: Segmentation, weights: Float64Array): Tensor =>
  tensor(
    [1, shape[1], shape[2]],
    Float32Array.from(labels, (label) => weights[label]),
  );
