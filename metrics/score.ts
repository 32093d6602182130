import { Undefined, UserError } from '../src/numeric/errors.ts';
import { firstNonFinite } from '../src/numeric/finite.ts';
import type { Heatmap } from '../src/numeric/heatmap.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import type { MapContext, MapMetric, Need, Outcome, SimilarityMetric } from './metric.ts';

/**
 * Scores one attribution, with the checks that hold for every metric: the sample carries what the metric needs, the attribution is finite
 * and so are the predictions and inner representations that it asks for and the score. What is undefined becomes a reason; every other error is passed on. Throws `UserError` when the map or
 * the mask does not have the picture's size.
 */
export function scoreMap(metric: MapMetric, context: MapContext<unknown>): Promise<Outcome> {
  const predicted = (logits: Tensor) => finite('a prediction that the metric asked for', logits);
  return outcomeOf(metric.name, () => {
    checkSizes(context);
    for (const need of metric.needs)
      if (!meets[need](context)) throw new Undefined(`the sample has no ${need.replaceAll('-', ' ')}`);
    checkFinite('the map', context.attribution.data, context.attribution.shape);
    checkHeatmap('the heatmap', context.heatmap);
    return metric.score({
      ...context,
      predict: async (images) => predicted(await context.predict(images)),
      predictTurned: async (pictures) => predicted(await context.predictTurned(pictures)),
      represent: async (images, layer) =>
        finite('an inner representation that the metric asked for', await context.represent(images, layer)),
    });
  });
}

/** The tensor, whose values are finite. Throws `Undefined` where they are not. */
function finite(what: string, tensor: Tensor): Tensor {
  checkFinite(what, tensor.data, tensor.shape);
  return tensor;
}

/** Scores the similarity of two heatmaps `[H,W]`, with the same checks of finiteness. Throws RangeError when their sizes differ. */
export function scoreSimilarity(
  metric: SimilarityMetric,
  context: { readonly a: Heatmap; readonly b: Heatmap; readonly options: unknown },
): Promise<Outcome> {
  return outcomeOf(metric.name, () => {
    const { a, b } = context;
    if (a.height !== b.height || a.width !== b.width)
      throw new RangeError(
        `${metric.name} compares maps of one size, not ${a.height}x${a.width} and ${b.height}x${b.width}`,
      );
    checkHeatmap('the first map', a);
    checkHeatmap('the second map', b);
    return { value: metric.score(context) };
  });
}

async function outcomeOf(name: string, score: () => Promise<Outcome> | Outcome): Promise<Outcome> {
  try {
    const result = await score();
    if ('reason' in result || Number.isFinite(result.value)) return result;
    return {
      reason: `${name} came out as ${result.value}: an explanation that it asked for is not finite, or its numbers overflow`,
    };
  } catch (error) {
    if (error instanceof Undefined) return { reason: error.message };
    throw error;
  }
}

const meets: Record<Need, (context: MapContext<unknown>) => boolean> = {
  mask: ({ mask }) => mask !== undefined,
  box: ({ box }) => box !== undefined,
  'mask-or-box': ({ mask, box }) => (mask ?? box) !== undefined,
};

function checkSizes({ heatmap, image, mask }: MapContext<unknown>): void {
  const [, height, width] = image.shape;
  if (heatmap.height !== height || heatmap.width !== width)
    throw new UserError(
      `the explainer gave a map of ${heatmap.height}x${heatmap.width} for a picture of ${height}x${width}; let it resize its map to the picture`,
    );
  if (mask && mask.length !== height * width)
    throw new UserError(
      `the mask has ${mask.length} values for a picture of ${height}x${width}; let the dataset resize both alike`,
    );
}

function checkHeatmap(what: string, { values, height, width }: Heatmap): void {
  checkFinite(what, values, [height, width]);
}

function checkFinite(what: string, values: Float32Array | Float64Array, shape: readonly number[]): void {
  const found = firstNonFinite(values, shape);
  if (found) throw new Undefined(`${what} holds ${found}`);
}
