import { roadOptions, roadScore } from './imputed-curve.ts';
import { defineMetric } from './metric.ts';

/**
 * The mean probability of the explained class while growing shares of the most relevant pixels are imputed from their surroundings, with a
 * little noise, so that the shape of what was removed gives nothing away. Default heatmap: sum over channels, signed, as for deletion.
 */
export const road = defineMetric({
  kind: 'map',
  name: 'road',
  title: 'ROAD, most relevant first',
  paper: 'arXiv:2202.00449',
  better: 'lower',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: roadOptions,
  score: (context) => roadScore(context, 'morf'),
});
