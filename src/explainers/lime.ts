import { z } from 'zod';
import { ridgeWithIntercept } from '../numeric/ridge.ts';
import { defineExplainer } from './explainer.ts';
import { coalitionScores, paint, segmentOptions, segmentsOf } from './superpixels/coalitions.ts';

/** Weight of a sample by its cosine distance d from the whole picture: `sqrt(exp(-d² / width²))`, as in the authors' code. */
function nearness(shown: Uint8Array, width: number): number {
  const count = shown.reduce((s, v) => s + v, 0);
  const distance = 1 - Math.sqrt(count / shown.length);
  return Math.exp(-((distance / width) ** 2) / 2);
}

/** The weights of segments in a linear model of the score: ridge regression (α = 1, free intercept) on samples near the picture. */
export function limeFit(samples: readonly Uint8Array[], scores: Float64Array, width: number): Float64Array {
  const weights = Float64Array.from(samples, (shown) => nearness(shown, width));
  return ridgeWithIntercept({ columns: samples[0].length, rows: samples, targets: scores, weights }, 1);
}

/**
 * The weight of each segment in LIME's linear model, on all pixels of the segment, `[1,H,W]`. The first sample is the picture itself, in
 * the others each segment is shown with probability 1/2.
 */
export const lime = defineExplainer({
  name: 'lime',
  title: 'LIME',
  paper: 'arXiv:1602.04938',
  options: z.strictObject({
    ...segmentOptions,
    samples: z.int().min(2).default(1000),
    /** Width of the kernel in cosine distance. */
    width: z.number().positive().default(0.25),
  }),
  async explain(context) {
    const { image, options, rng } = context;
    const segmentation = segmentsOf(image, options);
    const samples = Array.from({ length: options.samples }, (_, i) =>
      Uint8Array.from({ length: segmentation.count }, () => (i === 0 || rng.uniform() < 0.5 ? 1 : 0)),
    );
    const scores = await coalitionScores(context, segmentation, samples);
    return paint(image, segmentation, limeFit(samples, scores, options.width));
  },
});
