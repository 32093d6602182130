import { Undefined } from '../src/numeric/errors.ts';
import { pearson } from '../src/numeric/statistics.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import type { MapContext } from './metric.ts';
import { copyFeature, scoresOf, type Reading } from './perturbation.ts';

/** Subsets of features, each of which turns alone. */
interface Removal {
  /** One value a feature. */
  readonly relevance: Float64Array;
  readonly subsets: readonly Uint32Array[];
  /** What removed features become, `[3,H,W]`. */
  readonly to: Tensor;
  readonly reading: Reading;
}

/**
 * Pearson's correlation, over subsets of the features, of the relevance they hold and the drop of the explained class's score when they turn
 * into the baseline. Throws `Undefined` when the relevance is constant or the score always drops alike.
 */
export async function dropCorrelation(
  context: Pick<MapContext<unknown>, 'image' | 'predict' | 'target'>,
  { relevance, subsets, to, reading }: Removal,
): Promise<number> {
  const image = context.image.data;
  return correlateDrops(relevance, subsets, () =>
    scoresOf(
      context,
      subsets.length + 1,
      (i, picture) => {
        picture.set(image);
        if (i > 0) for (const f of subsets[i - 1]) copyFeature(to.data, picture, f, relevance.length);
      },
      reading,
    ),
  );
}

/** The same, where `ask` gives the score of the picture, and then those without each subset. */
export async function correlateDrops(
  relevance: Float64Array,
  subsets: readonly Uint32Array[],
  ask: () => Promise<Float64Array>,
): Promise<number> {
  if (relevance.every((v) => v === relevance[0]))
    throw new Undefined('the map is constant: the relevance of its parts goes with nothing');
  const scores = await ask();
  const drops = scores.subarray(1).map((score) => scores[0] - score);
  if (drops.every((drop) => drop === drops[0])) throw new Undefined('the score drops alike whatever is removed');
  const held = subsets.map((subset) => subset.reduce((total, f) => total + relevance[f], 0));
  return pearson(Float64Array.from(held), drops);
}
