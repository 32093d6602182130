/** Random operands. Each is a function of a shape and a generator, so that a failing case shrinks to small shapes. */
import fc from 'fast-check';
import { value, type Value } from '../../src/engine/reference.ts';
import { constant, type Node } from '../../src/graph/index.ts';
import { createRng, type Rng } from '../../src/numeric/random.ts';
import { sizeOf } from '../../src/numeric/tensor.ts';

export type Draw = (shape: readonly number[], rng: Rng) => Value;

const each =
  (number: (rng: Rng) => number): Draw =>
  (shape, rng) =>
    value(
      shape,
      Float64Array.from({ length: sizeOf(shape) }, () => number(rng)),
    );

export const between = (low: number, high: number): Draw => each((rng) => low + (high - low) * rng.uniform());
export const smooth = between(-2, 2);
export const positive = between(0.4, 2);
/** Positive or negative, but not near zero. */
export const nonZero = each((rng) => (rng.integer(2) ? 1 : -1) * (0.5 + rng.uniform()));

/** How far apart `separated` values are at least. */
export const gapOf = (count: number): number => 4 / count;

/** Distinct values with equal gaps, half a gap from zero and from every multiple of the gap, in random order: far from any kink. */
export const separated: Draw = (shape, rng) => {
  const count = sizeOf(shape);
  const order = rng.shuffle(Array.from({ length: count }, (_, i) => i));
  return value(
    shape,
    order.map((p) => (p - Math.floor(count / 2) + 0.5) * gapOf(count)),
  );
};

/** A constant of random integers `0 <= i < limit`. */
export const indices = (shape: readonly number[], limit: number, rng: Rng): Node =>
  constant(
    Int32Array.from({ length: sizeOf(shape) }, () => rng.integer(limit)),
    shape,
    'int64',
  );

/** A constant of random booleans. */
export const booleans = (shape: readonly number[], rng: Rng): Node =>
  constant(
    Uint8Array.from({ length: sizeOf(shape) }, () => rng.integer(2)),
    shape,
    'bool',
  );

export const rngs: fc.Arbitrary<Rng> = fc.nat().map((seed) => createRng(seed));
export const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
export const shapes = (ranks: { min?: number; max?: number } = {}): fc.Arbitrary<number[]> =>
  fc.array(upTo(3), { minLength: ranks.min ?? 0, maxLength: ranks.max ?? 4 });
/** A shape of at least one axis, and one of its axes. */
export const shapeAndAxis = shapes({ min: 1 }).chain((shape) =>
  fc.record({ shape: fc.constant(shape), axis: upTo(shape.length - 1, 0) }),
);

/** A shape that broadcasts to `shape`. */
const narrower = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(upTo(shape.length, 0), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
    .map(([dropped, ones]) => shape.map((d, i) => (ones[i] ? 1 : d)).slice(dropped));

/** Shapes that broadcast with each other. */
export const broadcasting = (
  count: number,
  ranks: { min?: number; max?: number } = { max: 3 },
): fc.Arbitrary<number[][]> =>
  shapes(ranks).chain((shape) => fc.tuple(...Array.from({ length: count }, () => narrower(shape))));
