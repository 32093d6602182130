import fc from 'fast-check';
import * as g from '../../../src/graph/index.ts';
import type { Instance } from '../check.ts';
import { rngs, separated, shapeAndAxis, shapes, smooth, type Draw } from '../draw.ts';

type Reduction = (x: g.Node, axes?: readonly number[], keepDims?: boolean) => g.Node;
const reduction = (f: Reduction, draw: Draw): fc.Arbitrary<Instance> =>
  shapes()
    .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()]), fc.boolean(), rngs))
    .map(([shape, axes, keepDims, rng]) => ({ operands: [draw(shape, rng)], output: ([x]) => f(x, axes, keepDims) }));

const normalised = (f: (x: g.Node, axis: number) => g.Node): fc.Arbitrary<Instance> =>
  fc
    .tuple(shapeAndAxis, rngs)
    .map(([{ shape, axis }, rng]) => ({ operands: [smooth(shape, rng)], output: ([x]) => f(x, axis) }));

export const reduce = {
  reduceSum: reduction(g.reduceSum, smooth),
  reduceMean: reduction(g.reduceMean, smooth),
  reduceMax: reduction(g.reduceMax, separated),
  softmax: normalised(g.softmax),
  logSoftmax: normalised(g.logSoftmax),
} satisfies Partial<Record<g.OpName, fc.Arbitrary<Instance>>>;
