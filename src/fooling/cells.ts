import { explanationMap } from '../../attacks/explanation-map.ts';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';

type Size = readonly [height: number, width: number];

/** Cells along the shorter side of a picture, which has at least as many pixels. */
const cells = 8;

/** Height and width of a cell, in pixels. */
const cellOf = ([height, width]: Size) => Math.max(1, Math.floor(Math.min(height, width) / cells));

/** Height and width of the map of cells of a picture. */
export const gridOf = (size: Size): Size => {
  const [height, width] = size.map((side) => Math.floor(side / cellOf(size)));
  return [height, width];
};

/**
 * What an attribution `[N,C,H,W]` says of each cell of the picture, `[N,1,h,w]`: the sum of absolute values, over the largest such sum.
 * Heo et al. take maps at the resolution of a late layer; cells bring all explainers there.
 */
export function cellMap(attribution: Node, size: Size): Node {
  const map = explanationMap(attribution, { channels: 'abs-sum', sign: 'absolute', normalise: 'sum' });
  const cell = cellOf(size);
  const pool = {
    kernel: [cell, cell],
    strides: [cell, cell],
    pads: [0, 0, 0, 0],
    ceil: false,
    countPadding: true,
  } as const;
  const sums = cell === 1 ? map : g.avgPool(map, pool);
  return g.div(sums, g.add(g.reduceMax(sums, [2, 3], true), 1e-20));
}
