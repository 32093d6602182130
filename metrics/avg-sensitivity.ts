import { mean } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';
import { outcomeOf } from './neighbours.ts';
import { relativeChanges, sensitivityOptions } from './sensitivity.ts';

/**
 * The mean relative change of the attribution among noisy neighbours of the picture. It is taken over the whole attribution `[C,H,W]` as
 * in the paper, so the heatmap step (sum over channels, signed) is not used.
 */
export const avgSensitivity = defineMetric({
  kind: 'map',
  name: 'avg-sensitivity',
  title: 'Average sensitivity',
  paper: 'arXiv:1901.09392',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: sensitivityOptions,
  score: async (context) => outcomeOf(await relativeChanges(context), mean),
});
