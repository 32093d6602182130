import { maskedOptions, maskedProbability } from './masked-picture.ts';
import { defineMetric } from './metric.ts';

/**
 * Whether the explained class's probability rises when the picture is masked by its map: 1 or 0, whose mean over samples is the paper's
 * increase in confidence. Default heatmap: sum over channels, positive, divided by the largest, as for the average drop.
 */
export const averageIncrease = defineMetric({
  kind: 'map',
  name: 'average-increase',
  title: 'Average increase',
  paper: 'arXiv:1710.11063',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'positive', normalise: 'max' },
  needs: [],
  options: maskedOptions,
  async score(context) {
    const { clean, masked } = await maskedProbability(context);
    return { value: masked > clean ? 1 : 0 };
  },
});
