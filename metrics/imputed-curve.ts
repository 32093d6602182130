import { z } from 'zod';
import { descendingOrder } from '../src/numeric/sort.ts';
import { mean } from '../src/numeric/statistics.ts';
import { impute } from './imputation.ts';
import type { MapContext, Score } from './metric.ts';
import { normalNoise } from './noise.ts';
import { cutsAt, percentages } from './percentages.ts';
import { scoresOf } from './perturbation.ts';

export const roadOptions = z.strictObject({
  percentages: percentages.default([10, 20, 30, 40, 50, 60, 70, 80, 90]),
  /** Standard deviation of the noise upon imputed values, in pixel units of [0,1]. */
  noise: z.number().nonnegative().default(0.01),
  /** The class's probability; or, as in the paper and in Quantus, 1 where it is still predicted and else 0. */
  variant: z.enum(['probability', 'quantus']).default('probability'),
});
type Context = MapContext<z.infer<typeof roadOptions>>;

/**
 * The mean, over the percentages, of the score that is left when that share of the pixels is imputed from the others: the most relevant ones
 * (`morf`) or the least relevant ones (`lerf`). Imputed values may leave [0,1] by the noise. Source: Rong et al. 2022.
 */
export async function roadScore(context: Context, order: 'morf' | 'lerf'): Promise<Score> {
  const { heatmap, image, options, rng } = context;
  const ranked = descendingOrder(heatmap.values, rng);
  if (order === 'lerf') ranked.reverse();
  const noise = normalNoise(rng);
  const pixels = ranked.length;
  const cuts = cutsAt(options.percentages, pixels);
  const reading = options.variant === 'quantus' ? 'predicted' : 'probability';
  const y = await scoresOf(
    context,
    cuts.length,
    (i, picture) => {
      const missing = ranked.subarray(0, cuts[i]);
      picture.set(image.data);
      impute(picture, missing, heatmap);
      for (let offset = 0; offset < picture.length; offset += pixels)
        noise.addAt(missing, picture.subarray(offset), options.noise);
    },
    reading,
  );
  return { value: mean(y), curve: { x: cuts.map((cut) => cut / pixels), y: [...y] } };
}
