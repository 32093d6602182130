import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, value, type Value } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { sizeOf } from '../../src/numeric/tensor.ts';
import { convolutions } from './cases/linear.ts';
import { poolings } from './cases/pool.ts';
import { gatherings, slices } from './cases/structure.ts';
import { indices, rngs, shapes, smooth } from './draw.ts';

const inner = (a: Value, b: Value): number => a.data.reduce((s, v, i) => s + v * b.data[i], 0);
const node = ({ shape, data }: Value): g.Node => g.constant(data, shape);
const run = (output: g.Node): Value => evaluate([output], {})[0];

function expectEqualSums(a: number, b: number): void {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(a)));
}

/** Expects <f(x), y> = <x, ft(y)>. */
function expectAdjoint(f: (x: g.Node) => g.Node, ft: (y: g.Node) => g.Node, x: Value, y: Value): void {
  expectEqualSums(inner(run(f(node(x))), y), inner(x, run(ft(node(y)))));
}

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (t: T) => void): void =>
  fc.assert(fc.property(arbitrary, property), { numRuns: 100, seed: 1 });

describe('transposed maps', () => {
  it('<conv(x, w), y> = <x, convInput(y, w)> = <w, convWeight(x, y)>', () => {
    check(fc.tuple(convolutions, rngs), ([c, rng]) => {
      const [x, w, y] = [c.x, c.w, c.y].map((s) => smooth(s, rng));
      const forward = inner(run(g.conv(node(x), node(w), undefined, c.attrs)), y);
      expectEqualSums(forward, inner(x, run(g.convInput(node(y), node(w), c.size, c.attrs))));
      expectEqualSums(forward, inner(w, run(g.convWeight(node(x), node(y), c.kernel, c.attrs))));
    });
  });

  it('poolGather and poolScatter', () => {
    check(fc.tuple(poolings, rngs), ([p, rng]) => {
      const places = indices(p.y, sizeOf(p.x), rng);
      expectAdjoint(
        (x) => g.poolGather(x, places),
        (y) => g.poolScatter(y, places, p.size),
        smooth(p.x, rng),
        smooth(p.y, rng),
      );
    });
  });

  it('avgPool and avgPoolInput', () => {
    check(fc.tuple(poolings, rngs), ([p, rng]) => {
      expectAdjoint(
        (x) => g.avgPool(x, p.attrs),
        (y) => g.avgPoolInput(y, p.size, p.attrs),
        smooth(p.x, rng),
        smooth(p.y, rng),
      );
    });
  });

  it('gather and scatterAdd', () => {
    check(gatherings, ({ from: { shape, axis }, indices: at, rng }) => {
      const places = indices(at, shape[axis], rng);
      expectAdjoint(
        (x) => g.gather(x, places, axis),
        (y) => g.scatterAdd(y, places, axis, shape[axis]),
        smooth(shape, rng),
        smooth([...shape.slice(0, axis), ...at, ...shape.slice(axis + 1)], rng),
      );
    });
  });

  it('a slice without steps and padding', () => {
    check(fc.tuple(slices, rngs), ([{ shape, axis, start, end }, rng]) => {
      const amounts = (n: number) => shape.map((_, i) => (i === axis ? n : 0));
      expectAdjoint(
        (x) => g.slice(x, axis, start, end),
        (y) => g.pad(y, amounts(start), amounts(shape[axis] - end)),
        smooth(shape, rng),
        smooth(shape.with(axis, end - start), rng),
      );
    });
  });

  it('padding and cropping', () => {
    check(fc.tuple(shapes({ min: 1 }), rngs), ([shape, rng]) => {
      const [before, after] = [0, 0].map(() => shape.map(() => rng.integer(3)));
      const crop = (amounts: number[]) => amounts.map((n) => -n);
      expectAdjoint(
        (x) => g.pad(x, before, after),
        (y) => g.pad(y, crop(before), crop(after)),
        smooth(shape, rng),
        smooth(
          shape.map((d, i) => d + before[i] + after[i]),
          rng,
        ),
      );
    });
  });

  it('expand and sumTo', () => {
    check(fc.tuple(shapes({ min: 1 }), rngs), ([shape, rng]) => {
      const from = shape.map((d) => (rng.integer(2) ? d : 1)).slice(rng.integer(2));
      expectAdjoint(
        (x) => g.expand(x, shape),
        (y) => g.sumTo(y, from),
        smooth(from, rng),
        smooth(shape, rng),
      );
    });
  });
});

describe('maxPool', () => {
  it('is poolGather at its own indices, also among equals', () => {
    check(fc.tuple(poolings, rngs), ([p, rng]) => {
      const x = node(
        value(
          p.x,
          Float64Array.from({ length: sizeOf(p.x) }, () => rng.integer(3) - 3),
        ),
      );
      expect(run(g.maxPool(x, p.attrs))).toEqual(run(g.poolGather(x, g.maxPoolIndices(x, p.attrs))));
    });
  });
});
