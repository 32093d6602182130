import { maskedOptions, maskedProbability } from './masked-picture.ts';
import { defineMetric } from './metric.ts';

/**
 * The share of the explained class's probability that is lost when the picture is masked by its map, 0 where it rises: `max(0, p − p') / p`.
 * A constant map masks nothing and drops nothing: read it beside the average increase. Default heatmap: sum over channels, positive, divided
 * by the largest, because a mask lies in [0,1].
 */
export const averageDrop = defineMetric({
  kind: 'map',
  name: 'average-drop',
  title: 'Average drop',
  paper: 'arXiv:1710.11063',
  better: 'lower',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'positive', normalise: 'max' },
  needs: [],
  options: maskedOptions,
  async score(context) {
    const { clean, masked } = await maskedProbability(context);
    return { value: Math.max(0, clean - masked) / clean };
  },
});
