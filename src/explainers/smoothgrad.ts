import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import { rebuild, type Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { createRng } from '../numeric/random.ts';
import { defineExplainer, type AttributionOf } from './explainer.ts';
import { gradient } from './gradient.ts';

/** The model that sees other pixels. */
const seeing = (model: Model, pixels: Node): Model =>
  rebuild(model, (node, original) => (original === model.pixels ? pixels : node));

/** Samples of Gaussian noise, `[samples,1,3,H,W]`; the same for every picture. */
function noiseSamples(samples: number, deviation: number, seed: number, [height, width]: Model['size']): Node {
  const rng = createRng(seed, 'smoothgrad');
  const data = Float32Array.from({ length: samples * 3 * height * width }, () => deviation * rng.normal());
  return g.constant(data, [samples, 1, 3, height, width]);
}

/** The explainer to smooth where no caller has looked the name up. */
function onItsOwn(of: unknown): AttributionOf {
  if (of !== 'gradient')
    throw new UserError(`smoothgrad: the explainer to smooth is not given, only what it is called`);
  return (model, target) => gradient.attribution({ model, target, options: {} });
}

/**
 * Mean of an explainer's attributions of the picture plus Gaussian noise; the shape is that of the explainer's own.
 *
 * The deviation of the noise is a share of the range of pixel values, 1, and noisy pixels are not clipped (the paper takes a share of each
 * picture's own range). `square` is the mean of squares (arXiv:1806.10758), `variance` VarGrad (arXiv:1810.03307), >= 0 both. The samples are
 * one loop inside the graph, around that of the explainer where it has one.
 */
export const smoothgrad = defineExplainer({
  name: 'smoothgrad',
  title: 'SmoothGrad',
  paper: 'arXiv:1706.03825',
  wraps: 'of',
  options: z.strictObject({
    /** The explainer to smooth: a name, or `{ use: name, ...options }`. */
    of: z.union([z.string(), z.looseObject({ use: z.string() })]).default('gradient'),
    samples: z.int().min(1).default(25),
    noise: z.number().min(0).default(0.15),
    statistic: z.enum(['mean', 'square', 'variance']).default('mean'),
    seed: z.int().default(0),
  }),
  attribution({ model, target, options, wrapped }) {
    const { samples, noise, statistic, seed } = options;
    const explain = wrapped ?? onItsOwn(options.of);
    const average = (value: (map: Node) => Node) =>
      g.sumOver(
        [noiseSamples(samples, noise, seed, model.size)],
        [model.pixels, target],
        ([offset], [pixels, chosen]) =>
          g.mul(value(explain(seeing(model, g.add(pixels, offset)), chosen)), 1 / samples),
      );
    if (statistic === 'mean') return average((map) => map);
    if (statistic === 'square') return average((map) => g.mul(map, map));
    // Moments about the clean map, which is near the mean: fewer digits are lost than about 0.
    const clean = explain(model, target);
    const channels = g.sizeAlong(clean, 1);
    const moments = average((map) => {
      const change = g.sub(map, clean);
      return g.concat([change, g.mul(change, change)], 1);
    });
    const first = g.slice(moments, 1, 0, channels);
    return g.sub(g.slice(moments, 1, channels), g.mul(first, first));
  },
});
