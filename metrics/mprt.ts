import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { mean } from '../src/numeric/statistics.ts';
import { at, batchOf } from '../src/numeric/tensor.ts';
import { agreement, agreementOf } from './agreement.ts';
import { defineMetric } from './metric.ts';

/**
 * The model parameter randomisation test: the mean agreement of the map with the maps of models whose layers lose their weights one after the
 * other (cascading) or one at a time (independent), from the last layer down or from the first up. An explainer that does not look at the
 * weights scores 1. Steps whose map is constant or not finite are discarded, and such a sample has no curve. Default heatmap: absolute
 * values summed over channels, divided by the largest.
 */
export const mprt = defineMetric({
  kind: 'map',
  name: 'mprt',
  title: 'Model parameter randomisation',
  paper: 'arXiv:1810.03292',
  better: 'lower',
  range: [-1, 1],
  heatmap: { channels: 'abs-sum', sign: 'absolute', normalise: 'max' },
  axes: { x: 'share of layers randomised', y: 'agreement with the original map' },
  needs: [],
  options: z.strictObject({
    mode: z.enum(['cascading', 'independent']).default('cascading'),
    order: z.enum(['top-down', 'bottom-up']).default('top-down'),
    agreement: agreement.default('spearman'),
    weights: z.enum(['fresh', 'shuffled']).default('fresh'),
    /** At most so many models, spread evenly over the layers, the last step among them; by default one a layer. */
    steps: z.int().positive().optional(),
  }),
  async score({ heatmap, heatmapOf, image, explain, weightLayers, options }) {
    const { mode, order, weights, steps = Infinity } = options;
    const layers = order === 'top-down' ? weightLayers.toReversed() : weightLayers;
    if (layers.length === 0) throw new Undefined('the model has no layer with weights to randomise');
    const count = Math.min(steps, layers.length);
    const x = [0];
    // A map that does not even agree with itself has no value.
    const y = [agreementOf(options.agreement, heatmap, heatmap)];
    for (let step = 1; step <= count; step++) {
      const depth = Math.floor((step * layers.length) / count);
      const chosen = mode === 'cascading' ? layers.slice(0, depth) : [layers[depth - 1]];
      const explained = await explain(batchOf(image), { randomised: { layers: chosen, weights } });
      try {
        y.push(agreementOf(options.agreement, heatmap, heatmapOf(at(explained, 0))));
        x.push(depth / layers.length);
      } catch (error) {
        if (!(error instanceof Undefined)) throw error;
      }
    }
    const agreements = y.slice(1);
    const discarded = (count - agreements.length) / count;
    if (agreements.length === 0)
      return {
        reason: 'no map of a model with random weights can be compared: all are constant or not finite',
        discarded,
      };
    const value = mean(agreements);
    return discarded === 0 ? { value, curve: { x, y }, discarded } : { value, discarded };
  },
});
