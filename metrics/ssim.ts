import { z } from 'zod';
import { ssim } from '../src/numeric/ssim.ts';
import { defineMetric } from './metric.ts';

/**
 * The mean structural similarity of two maps. Default heatmap: absolute values summed over channels, divided by the largest, so that the data
 * range is 1; with another normalisation the range is taken from the two maps.
 */
export const ssimMetric = defineMetric({
  kind: 'similarity',
  name: 'ssim',
  title: 'SSIM',
  paper: '10.1109/TIP.2003.819861',
  better: 'higher',
  range: [-1, 1],
  heatmap: { channels: 'abs-sum', sign: 'absolute', normalise: 'max' },
  options: z.strictObject({}),
  score: ({ a, b }) => ssim(a, b),
});
