import { z } from 'zod';
import { Undefined } from '../src/numeric/errors.ts';
import { defineMetric } from './metric.ts';

/**
 * The share of pixels whose magnitude exceeds `threshold`, which is in units of the heatmap; undefined for a zero map. Default heatmap: sum over
 * channels, absolute, divided by the largest, so that the threshold is relative to the strongest pixel.
 */
export const effectiveComplexity = defineMetric({
  kind: 'map',
  name: 'effective-complexity',
  title: 'Effective complexity',
  paper: 'arXiv:2007.07584',
  better: 'lower',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'absolute', normalise: 'max' },
  needs: [],
  options: z.strictObject({ threshold: z.number().nonnegative().default(1e-5) }),
  score({ heatmap: { values }, options }) {
    if (values.every((v) => v === 0)) throw new Undefined('the map is zero everywhere');
    return { value: values.filter((v) => Math.abs(v) > options.threshold).length / values.length };
  },
});
