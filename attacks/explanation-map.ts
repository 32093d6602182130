import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { heatmapStep } from '../src/numeric/heatmap.ts';

/**
 * The heatmap step that an attack on explanations looks through. Maps are compared across pictures, so they are normalised; by
 * default as Ghorbani et al. and Dombrowski et al. do: absolute values summed over channels, divided by their sum.
 */
export const attackedHeatmap = heatmapStep
  .extend({ normalise: z.enum(['max', 'sum']) })
  .default({ channels: 'abs-sum', sign: 'absolute', normalise: 'sum' });
type AttackedHeatmap = z.infer<typeof attackedHeatmap>;

// Keeps derivatives finite where a map is 0.
const tiny = 1e-20;
const overChannels = (x: Node) => g.reduceSum(x, [1], true);

const reducers: Record<AttackedHeatmap['channels'], (x: Node) => Node> = {
  sum: overChannels,
  'abs-sum': (x) => overChannels(g.abs(x)),
  l2: (x) => g.sqrt(g.add(overChannels(g.mul(x, x)), tiny)),
  'max-abs': (x) => g.reduceMax(g.abs(x), [1], true),
};
const signs: Record<AttackedHeatmap['sign'], (x: Node) => Node> = {
  signed: (x) => x,
  positive: g.relu,
  absolute: g.abs,
};
const scales: Record<AttackedHeatmap['normalise'], typeof g.reduceSum> = { max: g.reduceMax, sum: g.reduceSum };

/** An attribution `[N,C,H,W]` after a heatmap step, `[N,1,H,W]`: `toHeatmap` as graph. */
export function explanationMap(attribution: Node, { channels, sign, normalise }: AttackedHeatmap): Node {
  const map = signs[sign](reducers[channels](attribution));
  return g.div(map, g.add(scales[normalise](g.abs(map), [2, 3], true), tiny));
}
