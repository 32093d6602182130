import { z } from 'zod';
import { baseline, baselineImage } from '../src/numeric/baseline.ts';
import type { MapContext } from './metric.ts';
import { normalNoise } from './noise.ts';

export const infidelityOptions = z.strictObject({
  perturbation: z.enum(['square', 'gaussian']).default('square'),
  samples: z.int().positive().default(100),
  /** Side of a square, as a share of the picture's shorter side. */
  side: z.number().positive().max(1).default(0.2),
  /** What a square turns into. */
  baseline: baseline.default('black'),
  /** Standard deviation of the noise, in pixel units of [0,1]. */
  sigma: z.number().positive().default(0.03),
  /** Whether the attribution is a contribution, already multiplied by the input, or a sensitivity such as the gradient. */
  multiplyByInputs: z.boolean().default(true),
  /** Whether the attribution is first multiplied by the one factor that suits it best. */
  normalize: z.boolean().default(true),
});

/** Perturbs a copy of the picture in place and returns what the attribution foretells of it: `Σ φ·u`, u being what was taken away. */
type Perturbation = (picture: Float32Array) => number;

type Context = Pick<MapContext<z.infer<typeof infidelityOptions>>, 'attribution' | 'image' | 'options' | 'rng'>;

/** A square at a random place turns into the baseline. Of a contribution, all that the square holds is foretold. */
export function squareRemoval({ attribution, image, options, rng }: Context): Perturbation {
  const [channels, height, width] = image.shape;
  const side = Math.max(1, Math.round(options.side * Math.min(height, width)));
  const to = baselineImage(image, options.baseline).data;
  const foretold = Float64Array.from(image.data, (x, p) => {
    const removed = options.multiplyByInputs ? Number(x !== to[p]) : x - to[p];
    return removed * attribution.data[p % attribution.data.length];
  });
  return (picture) => {
    const [top, left] = [rng.integer(height - side + 1), rng.integer(width - side + 1)];
    let total = 0;
    for (let c = 0; c < channels; c++)
      for (let y = top; y < top + side; y++) {
        const start = (c * height + y) * width + left;
        for (let p = start; p < start + side; p++) {
          picture[p] = to[p];
          total += foretold[p];
        }
      }
    return total;
  };
}

/** Gaussian noise is taken from every value, which may leave [0,1]. A contribution foretells in proportion to its input, as if from black. */
export function gaussianNoise({ attribution, image, options, rng }: Context): Perturbation {
  const { fill: draw } = normalNoise(rng);
  const noise = new Float64Array(image.data.length);
  const slope = Float64Array.from(image.data, (x, p) => {
    const value = attribution.data[p % attribution.data.length];
    return options.multiplyByInputs && x !== 0 ? value / x : value;
  });
  return (picture) => {
    draw(noise);
    return subtract(picture, noise, options.sigma, slope);
  };
}

/** Takes noise times `sigma` from every value and returns `Σ slope·u`. A function of its own: in a closure the loop takes twice as long. */
function subtract(picture: Float32Array, noise: Float64Array, sigma: number, slope: Float64Array): number {
  let total = 0;
  for (let p = 0; p < picture.length; p++) {
    const u = sigma * noise[p];
    picture[p] -= u;
    total += slope[p] * u;
  }
  return total;
}
