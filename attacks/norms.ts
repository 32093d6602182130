import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import type { Rng } from '../src/numeric/random.ts';

/** What an attack needs to know of a norm. Changes and gradients are `[N,3,H,W]`, measures of them `[N,1,1,1]`. */
export interface Norm {
  /** Radius in pixel units [0,1], and foolbox's number of steps and step size relative to the radius. */
  readonly defaults: { readonly epsilon: number; readonly steps: number; readonly relativeStep: number };
  /** A random point of the unit ball of n dimensions, uniformly. */
  randomStart(n: number, rng: Rng): Float32Array;
  /** The gradient, scaled to size 1. */
  normalise(gradient: Node): Node;
  /** The change, brought into the ball of a radius. */
  project(change: Node, radius: number): Node;
  measure(change: Node): Node;
  /** The dual norm of a gradient: how fast a loss rises a unit of change. */
  dual(gradient: Node): Node;
}

const overPicture = [1, 2, 3];
const tiny = 1e-12;
const sumOfAbsolutes = (x: Node) => g.reduceSum(g.abs(x), overPicture, true);
const euclidean = (x: Node) => g.sqrt(g.reduceSum(g.mul(x, x), overPicture, true));
const largest = (x: Node) => g.reduceMax(g.abs(x), overPicture, true);

const scaledToOne = (measure: (x: Node) => Node) => (x: Node) => g.div(x, g.maximum(measure(x), tiny));
const scaledInto = (measure: (x: Node) => Node) => (x: Node, radius: number) =>
  g.mul(x, g.minimum(g.div(radius, g.maximum(measure(x), tiny)), 1));

const linf: Norm = {
  defaults: { epsilon: 8 / 255, steps: 40, relativeStep: 0.01 / 0.3 },
  randomStart: (n, rng) => Float32Array.from({ length: n }, () => 2 * rng.uniform() - 1),
  normalise: g.sign,
  project: (change, radius) => g.clip(change, -radius, radius),
  measure: largest,
  dual: sumOfAbsolutes,
};

const l2: Norm = {
  defaults: { epsilon: 0.5, steps: 50, relativeStep: 0.025 },
  /** The first n of n + 2 coordinates of a random direction (Voelker et al. 2017). */
  randomStart(n, rng) {
    const values = Float64Array.from({ length: n + 2 }, () => rng.normal());
    const length = Math.sqrt(values.reduce((s, v) => s + v * v, 0));
    return Float32Array.from(values.subarray(0, n), (v) => v / length);
  },
  normalise: scaledToOne(euclidean),
  project: scaledInto(euclidean),
  measure: euclidean,
  dual: euclidean,
};

const l1: Norm = {
  defaults: { epsilon: 12, steps: 50, relativeStep: 0.025 },
  /** n of n + 1 spacings of a random partition of 1, with random signs. */
  randomStart(n, rng) {
    const values = Float64Array.from({ length: n + 1 }, () => -Math.log(1 - rng.uniform()));
    const total = values.reduce((s, v) => s + v, 0);
    return Float32Array.from(values.subarray(0, n), (v) => (rng.uniform() < 0.5 ? -v : v) / total);
  },
  normalise: scaledToOne(sumOfAbsolutes),
  /** Scales the change down, as foolbox does; the nearest point of the ball would be sparser. */
  project: scaledInto(sumOfAbsolutes),
  measure: sumOfAbsolutes,
  dual: largest,
};

/** Norms by name. */
export const norms = { linf, l2, l1 } as const;
