import { Undefined } from '../src/numeric/errors.ts';
import { norm } from '../src/numeric/statistics.ts';
import { defineMetric } from './metric.ts';
import { eachOf, largest, measureNeighbours, neighbourhood, outcomeOf } from './neighbours.ts';
import { distance } from './sensitivity.ts';

/**
 * The largest `‖h(x) − h(x')‖ / ‖x − x'‖` among neighbours x' of unchanged prediction. Default heatmap: sum over channels, signed, each map divided
 * by its largest magnitude, so that explainers of different scale compare; `normalise: none` gives the paper's constant of the map itself.
 */
export const localLipschitz = defineMetric({
  kind: 'map',
  name: 'local-lipschitz',
  title: 'Local Lipschitz estimate',
  paper: 'arXiv:1806.08049',
  better: 'lower',
  range: [0, Infinity],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'max' },
  needs: [],
  options: neighbourhood,
  async score(context) {
    const { heatmap, heatmapOf, image } = context;
    if (norm(heatmap.values) === 0) throw new Undefined('the map is zero everywhere');
    const measured = await measureNeighbours(context, true, (explained) =>
      eachOf(
        explained,
        (neighbour, attribution) =>
          distance(heatmapOf(attribution).values, heatmap.values) / distance(neighbour.data, image.data),
      ),
    );
    return outcomeOf(measured, largest);
  },
});
