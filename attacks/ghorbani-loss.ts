import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { topMembership } from '../src/numeric/sort.ts';
import { tensor, type Tensor } from '../src/numeric/tensor.ts';
import { drawn, type DrawnTarget } from './targets.ts';

/** What becomes of an explanation under one of the attacks of Ghorbani et al.; the attacker lowers the loss. */
export interface MapLoss {
  /** What the loss knows of one clean map `[H,W]`; these, stacked, are fed as `reference`. */
  reference(map: Float32Array): Tensor;
  /** In [0,1], `[N]`, of maps `[N,1,H,W]` that sum to 1. */
  loss(map: Node, reference: Node): Node;
}

type Size = readonly [height: number, width: number];

const sumOf = (map: Node, weights: Node) => g.reduceSum(g.mul(map, weights), [1, 2, 3]);

/** The share of the explanation on the pixels that were the k largest. */
const topK = ([height, width]: Size, share: number): MapLoss => ({
  reference: (map) =>
    tensor([1, height, width], topMembership(Float64Array.from(map), Math.round(share * height * width))),
  loss: sumOf,
});

/** Position of each pixel along an axis, in units of the picture's diagonal. */
function positions([height, width]: Size, axis: 'y' | 'x'): Tensor {
  const diagonal = Math.hypot(height, width);
  const at = (i: number) => (axis === 'y' ? Math.floor(i / width) : i % width) / diagonal;
  return tensor(
    [1, 1, height, width],
    Float32Array.from({ length: height * width }, (_, i) => at(i)),
  );
}

/** 1 less the way that the centre of mass has gone, in diagonals. */
function massCentre(size: Size): MapLoss {
  const axes = [positions(size, 'y'), positions(size, 'x')];
  return {
    reference: (map) =>
      tensor(
        [2],
        axes.map(({ data }) => data.reduce((s, v, i) => s + v * map[i], 0)),
      ),
    loss(map, reference) {
      const centre = axes.map(({ shape, data }) => g.reshape(sumOf(map, g.constant(data, shape)), ['N', 1]));
      const way = g.sub(g.concat(centre, 1), reference);
      return g.sub(1, g.sqrt(g.add(g.reduceSum(g.mul(way, way), [1]), 1e-12)));
    },
  };
}

/** The share of the explanation outside a region. */
const targetRegion = (size: Size, region: DrawnTarget): MapLoss => ({
  reference: () => tensor([1, ...size], drawn(region, size).data.map(Math.sign)),
  loss: (map, reference) => g.sub(1, sumOf(map, reference)),
});

/** The losses by the names of the attacks. */
export const mapLosses = {
  'top-k': (size: Size, { share }: { share: number }) => topK(size, share),
  'mass-centre': massCentre,
  'target-region': (size: Size, { region }: { region: DrawnTarget }) => targetRegion(size, region),
} as const;
