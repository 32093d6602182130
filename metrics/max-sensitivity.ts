import { defineMetric } from './metric.ts';
import { largest, outcomeOf } from './neighbours.ts';
import { relativeChanges, sensitivityOptions } from './sensitivity.ts';

/**
 * The largest relative change of the attribution among noisy neighbours of the picture. It is taken over the whole attribution `[C,H,W]` as
 * in the paper, so the heatmap step (sum over channels, signed) is not used.
 */
export const maxSensitivity = defineMetric({
  kind: 'map',
  name: 'max-sensitivity',
  title: 'Max sensitivity',
  paper: 'arXiv:1901.09392',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: sensitivityOptions,
  score: async (context) => outcomeOf(await relativeChanges(context), largest),
});
