import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { firstNonFinite } from '../src/numeric/finite.ts';
import type { Heatmap } from '../src/numeric/heatmap.ts';
import { spearmanMetric } from './spearman.ts';
import { ssimMetric } from './ssim.ts';

/** How alike two maps are, in [-1,1]. */
export const agreement = z.enum(['spearman', 'ssim']);

const measures = { spearman: spearmanMetric, ssim: ssimMetric };

/** The agreement of a map with another one of the explainer's. Throws `Undefined` where that one is not finite, or the measure has no value. */
export function agreementOf(measure: z.infer<typeof agreement>, map: Heatmap, other: Heatmap): number {
  const found = firstNonFinite(other.values, [other.height, other.width]);
  if (found) throw new Undefined(`the map to compare with holds ${found}`);
  return measures[measure].score({ a: map, b: other, options: {} });
}
