import fc from 'fast-check';
import * as g from '../../../src/graph/index.ts';
import { sizeOf } from '../../../src/numeric/tensor.ts';
import type { Instance } from '../check.ts';
import { broadcasting, indices, rngs, shapeAndAxis, shapes, smooth, upTo } from '../draw.ts';

/** A part of an axis: shape, axis, bounds and step. */
export const slices = shapeAndAxis.chain(({ shape, axis }) =>
  fc
    .tuple(upTo(6), upTo(5, 0), upTo(6), upTo(3))
    .map(([size, start, length, step]) => ({
      shape: shape.with(axis, size),
      axis,
      start: Math.min(start, size - 1),
      length,
      step,
    }))
    .map(({ length, ...rest }) => ({ ...rest, end: Math.min(rest.start + length, rest.shape[rest.axis]) })),
);

/** A shape, an axis, and the shape of the indices to gather along it. */
export const gatherings = fc.record({ from: shapeAndAxis, indices: shapes({ max: 2 }), rng: rngs });

const amounts = (rank: number) => fc.array(upTo(2, 0), { minLength: rank, maxLength: rank });

export const structure = {
  reshape: fc.tuple(shapes(), rngs, fc.boolean()).map(([shape, rng, flat]) => ({
    operands: [smooth(shape, rng)],
    output: ([x]) => g.reshape(x, flat ? [sizeOf(shape)] : [1, ...shape.toReversed()]),
  })),
  transpose: shapes()
    .chain((shape) => fc.tuple(fc.constant(shape), rngs))
    .map(([shape, rng]) => {
      const perm = rng.shuffle([...shape.keys()]);
      return { operands: [smooth(shape, rng)], output: ([x]) => g.transpose(x, perm) };
    }),
  expand: fc.tuple(broadcasting(2), rngs).map(([[from, other], rng]) => ({
    operands: [smooth(from, rng)],
    output: ([x]) => g.expand(x, g.broadcast(from, other)),
  })),
  slice: fc.tuple(slices, rngs).map(([{ shape, axis, start, end, step }, rng]) => ({
    operands: [smooth(shape, rng)],
    output: ([x]) => g.slice(x, axis, start, end, step),
  })),
  pad: shapes()
    .chain((shape) => fc.tuple(fc.constant(shape), amounts(shape.length), amounts(shape.length), upTo(2, -2), rngs))
    .map(([shape, before, after, fill, rng]) => ({
      operands: [smooth(shape, rng)],
      output: ([x]) => g.pad(x, before, after, fill),
    })),
  concat: fc
    .tuple(shapeAndAxis, fc.array(upTo(3), { minLength: 2, maxLength: 3 }), rngs)
    .map(([{ shape, axis }, sizes, rng]) => ({
      operands: sizes.map((size) => smooth(shape.with(axis, size), rng)),
      output: (parts) => g.concat(parts, axis),
    })),
  gather: gatherings.map(({ from: { shape, axis }, indices: at, rng }) => {
    const places = indices(at, shape[axis], rng);
    return { operands: [smooth(shape, rng)], output: ([x]) => g.gather(x, places, axis) };
  }),
  scatterAdd: gatherings.map(({ from: { shape, axis }, indices: at, rng }) => {
    const places = indices(at, shape[axis], rng);
    const gathered = [...shape.slice(0, axis), ...at, ...shape.slice(axis + 1)];
    return { operands: [smooth(gathered, rng)], output: ([y]) => g.scatterAdd(y, places, axis, shape[axis]) };
  }),
} satisfies Partial<Record<g.OpName, fc.Arbitrary<Instance>>>;
