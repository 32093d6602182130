import fc from 'fast-check';
import * as g from '../../../src/graph/index.ts';
import type { Instance } from '../check.ts';
import {
  between,
  booleans,
  broadcasting,
  gapOf,
  nonZero,
  positive,
  rngs,
  separated,
  shapes,
  smooth,
  upTo,
  type Draw,
} from '../draw.ts';
import { sizeOf } from '../../../src/numeric/tensor.ts';
import { value } from '../../../src/engine/reference.ts';

type Unary = (x: g.Node) => g.Node;
const unary = (draw: Draw, ...variants: Unary[]): fc.Arbitrary<Instance> =>
  fc
    .tuple(shapes(), rngs, fc.constantFrom(...variants))
    .map(([shape, rng, f]) => ({ operands: [draw(shape, rng)], output: ([x]) => f(x) }));

type Binary = (x: g.Node, y: g.Node) => g.Node;
const binary = (f: Binary, left: Draw, right: Draw = left): fc.Arbitrary<Instance> =>
  fc
    .tuple(broadcasting(2), rngs)
    .map(([[a, b], rng]) => ({ operands: [left(a, rng), right(b, rng)], output: ([x, y]) => f(x, y) }));

/** Two operands no entry of which equals one of the other. */
const distinct = (f: Binary): fc.Arbitrary<Instance> =>
  fc.tuple(broadcasting(2), rngs).map(([[a, b], rng]) => {
    const { data } = separated([sizeOf(a) + sizeOf(b)], rng);
    return {
      operands: [value(a, data.slice(0, sizeOf(a))), value(b, data.slice(sizeOf(a)))],
      output: ([x, y]) => f(x, y),
    };
  });

export const elementwise = {
  neg: unary(smooth, g.neg),
  abs: unary(separated, g.abs),
  sign: unary(separated, g.sign),
  exp: unary(smooth, g.exp),
  log: unary(positive, g.log),
  sqrt: unary(positive, g.sqrt),
  erf: unary(smooth, g.erf),
  tanh: unary(smooth, g.tanh),
  sigmoid: unary(smooth, g.sigmoid),
  relu: unary(separated, g.relu),
  silu: unary(smooth, g.silu),
  // The kinks at -3 and 3 lie on multiples of the gap, or in the middle of one, which a factor moves off the drawn values.
  hardSwish: unary(separated, (x) => g.hardSwish(g.mul(x, 2.9))),
  mish: unary(smooth, g.mish),
  leakyRelu: unary(
    separated,
    (x) => g.leakyRelu(x),
    (x) => g.leakyRelu(x, 0.3),
  ),
  elu: unary(
    separated,
    (x) => g.elu(x),
    (x) => g.elu(x, 1.7),
  ),
  gelu: unary(
    smooth,
    (x) => g.gelu(x, 'none'),
    (x) => g.gelu(x, 'tanh'),
  ),
  softplus: fc.tuple(shapes(), rngs).map(([shape, rng]) => ({
    operands: [smooth(shape, rng), between(0.5, 4)([], rng)],
    output: ([x, beta]) => g.softplus(x, beta),
  })),
  clip: fc.tuple(shapes(), rngs, upTo(3, 0), upTo(3, 0)).map(([shape, rng, below, above]) => {
    const gap = gapOf(sizeOf(shape));
    return { operands: [separated(shape, rng)], output: ([x]) => g.clip(x, -below * gap, (above + 1) * gap) };
  }),
  cast: unary(smooth, (x) => g.apply('cast', [x], { to: 'float32' })),

  add: binary(g.add, smooth),
  sub: binary(g.sub, smooth),
  mul: binary(g.mul, smooth),
  div: binary(g.div, smooth, nonZero),
  pow: fc.oneof(
    binary(g.pow, positive, smooth),
    unary(
      nonZero,
      (x) => g.pow(x, 2),
      (x) => g.pow(x, 3),
      (x) => g.pow(x, -1),
    ),
  ),
  minimum: distinct(g.minimum),
  maximum: distinct(g.maximum),
  where: fc.tuple(broadcasting(3), rngs).map(([[c, a, b], rng]) => {
    const condition = booleans(c, rng);
    return { operands: [smooth(a, rng), smooth(b, rng)], output: ([x, y]) => g.where(condition, x, y) };
  }),
} satisfies Partial<Record<g.OpName, fc.Arbitrary<Instance>>>;
