import { z } from 'zod';
import { defineMetric } from './metric.ts';
import { objectRegion, type Region } from './region.ts';

/**
 * Whether the largest pixel lies within `tolerance` pixels (Euclidean) of the object: 1 or 0, and the expected hit rate over tied maxima, so
 * that a constant map scores the object's share of the picture at tolerance 0. Default heatmap: sum over channels, signed, because the
 * maximum of signed relevance is the strongest evidence in favour of the class.
 */
export const pointingGame = defineMetric({
  kind: 'map',
  name: 'pointing-game',
  title: 'Pointing game',
  paper: 'arXiv:1608.00507',
  better: 'higher',
  range: [0, 1],
  proportion: true,
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: ['mask-or-box'],
  options: z.strictObject({ tolerance: z.number().nonnegative().default(0) }),
  score(context) {
    const { values, width } = context.heatmap;
    const region = objectRegion(context);
    const largest = values.reduce((a, b) => Math.max(a, b));
    let peaks = 0;
    let hits = 0;
    values.forEach((v, p) => {
      if (v !== largest) return;
      peaks++;
      if (isNear(region, width, p, context.options.tolerance)) hits++;
    });
    return { value: hits / peaks };
  },
});

function isNear({ inside }: Region, width: number, pixel: number, tolerance: number): boolean {
  const height = inside.length / width;
  const reach = Math.floor(tolerance);
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++)
    for (let x = Math.max(0, column - reach); x <= Math.min(width - 1, column + reach); x++)
      if (inside[y * width + x] && (y - row) ** 2 + (x - column) ** 2 <= tolerance ** 2) return true;
  return false;
}
