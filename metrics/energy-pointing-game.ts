import { z } from 'zod';
import { massInside } from './mass.ts';
import { defineMetric } from './metric.ts';
import { boxRegion } from './region.ts';

/**
 * The share of the map's energy, its positive values, inside the bounding box: the sample's box, or the box around its mask. On the mask
 * itself this is attribution localisation. Default heatmap: sum over channels, positive, as a CAM is.
 */
export const energyPointingGame = defineMetric({
  kind: 'map',
  name: 'energy-pointing-game',
  title: 'Energy-based pointing game',
  paper: 'arXiv:1910.01279',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'positive', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({}),
  score: (context) => ({
    value: massInside(
      context.heatmap.values.map((v) => Math.max(v, 0)),
      boxRegion(context),
    ),
  }),
});
