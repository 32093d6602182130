import { roadOptions, roadScore } from './imputed-curve.ts';
import { defineMetric } from './metric.ts';

/**
 * The mean probability of the explained class while growing shares of the least relevant pixels are imputed from their surroundings, with a
 * little noise. Default heatmap: sum over channels, signed, as for deletion.
 */
export const roadLerf = defineMetric({
  kind: 'map',
  name: 'road-lerf',
  title: 'ROAD, least relevant first',
  paper: 'arXiv:2202.00449',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: roadOptions,
  score: (context) => roadScore(context, 'lerf'),
});
