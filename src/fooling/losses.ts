import { drawn, type DrawnTarget } from '../../attacks/targets.ts';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import { averageRanks, topMembership } from '../numeric/sort.ts';
import { mean, pearson } from '../numeric/statistics.ts';

type Size = readonly [height: number, width: number];

/** The maps of a picture's class and of another class: as nodes `[N,1,h,w]`, or the values of one picture. */
export interface Maps<T> {
  readonly label: T;
  readonly other: T;
}

/** What is known of the maps before: also where the largest values of the class's map are, 1 there and 0 elsewhere. */
export type Before<T> = Maps<T> & { readonly top: T };

/** What manipulating a model is to make of its maps (Heo et al., arXiv:1902.02041), whose largest values are 1. */
export interface Fooling {
  /** What the attacker lowers, `[N]`. */
  loss(after: Maps<Node>, before: Before<Node>): Node;
  /** The paper's test loss of one picture. Throws `Undefined` where it has none. */
  measure(after: Maps<Float64Array>, before: Before<Float64Array>): number;
  /** The range of the measure in which the paper calls a picture fooled. */
  readonly fooled: readonly [low: number, high: number];
}

const overMap = [1, 2, 3];
const meanSquare = (a: Node, b: Node) => {
  const d = g.sub(a, b);
  return g.reduceMean(g.mul(d, d), overMap);
};
const weighed = (map: Node, weights: Node) => g.reduceSum(g.mul(map, weights), overMap);

/** The share of the cells that count as the highest. */
const topShare = 0.1;

/** Where the tenth of the cells is that has the largest values, 1 there and 0 elsewhere. */
export const topCells = (map: Float64Array): Float64Array =>
  topMembership(map, Math.max(1, Math.floor(topShare * map.length)));

/** The map becomes a drawn region: mean squared difference. */
function location([height, width]: Size, region: DrawnTarget): Fooling {
  const wanted = drawn(region, [height, width]).data.map(Math.sign);
  const node = g.constant(wanted, [1, 1, height, width]);
  return {
    loss: ({ label }) => meanSquare(label, node),
    measure: ({ label }) => mean(label.map((v, i) => (v - wanted[i]) ** 2)),
    fooled: [0, 0.2],
  };
}

/** The cells that were the highest lose their relevance: mean square there. */
const topK: Fooling = {
  loss: ({ label }, { top }) => g.div(weighed(g.mul(label, label), top), g.reduceSum(top, overMap)),
  measure: ({ label }, { top }) => label.reduce((s, v, i) => s + v * v * top[i], 0) / top.reduce((s, v) => s + v, 0),
  fooled: [0, 0.3],
};

/** The centre of mass goes away: root mean square over both axes of the way that it has gone, in widths of the map. */
function massCentre([height, width]: Size): Fooling {
  const places = [(i: number) => Math.floor(i / width), (i: number) => i % width].map((at) =>
    Float64Array.from({ length: height * width }, (_, i) => at(i) / (width - 1)),
  );
  const centre = (map: Node, place: Float64Array) =>
    g.div(weighed(map, g.constant(place, [1, 1, height, width])), g.reduceSum(map, overMap));
  const centreOf = (map: Float64Array, place: Float64Array) =>
    map.reduce((s, v, i) => s + v * place[i], 0) / map.reduce((s, v) => s + v, 0);
  return {
    loss(after, before) {
      const ways = places.map((place) => g.sub(centre(after.label, place), centre(before.label, place)));
      // The way has no derivative where the net has not moved yet.
      return g.neg(g.sqrt(g.add(g.mul(ways.map((w) => g.mul(w, w)).reduce(g.add), 0.5), 1e-6)));
    },
    measure: (after, before) =>
      Math.sqrt(mean(places.map((place) => (centreOf(after.label, place) - centreOf(before.label, place)) ** 2))),
    fooled: [0.1, 1],
  };
}

const spearman = (a: Float64Array, b: Float64Array) => pearson(averageRanks(a), averageRanks(b));

/** The maps of two classes change places (the paper's active fooling). */
const swap: Fooling = {
  loss: (after, before) =>
    g.mul(g.add(meanSquare(after.label, before.other), meanSquare(after.other, before.label)), 0.5),
  measure: (after, before) => spearman(after.label, before.other) - spearman(after.label, before.label),
  fooled: [0.5, 2],
};

/** The foolings by name, for maps of a size; `region` is that of `location`. */
export const foolings = {
  location: (size: Size, region: DrawnTarget) => location(size, region),
  'top-k': () => topK,
  'mass-centre': (size: Size) => massCentre(size),
  swap: () => swap,
} as const;

export type FoolingName = keyof typeof foolings;
