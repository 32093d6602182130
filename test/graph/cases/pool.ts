import fc from 'fast-check';
import * as g from '../../../src/graph/index.ts';
import { sizeOf } from '../../../src/numeric/tensor.ts';
import type { Instance } from '../check.ts';
import { indices, rngs, separated, smooth, upTo } from '../draw.ts';

const pair = (first: fc.Arbitrary<number>) => fc.tuple(first, first);

/** A pooling with overlapping or gapped windows, uneven padding, and either rounding: its attributes and the shapes of x and y. */
export const poolings = pair(upTo(3))
  .chain((kernel) =>
    fc.record({
      kernel: fc.constant(kernel),
      strides: pair(upTo(3)),
      pads: fc.tuple(upTo(kernel[0] - 1, 0), upTo(kernel[1] - 1, 0), upTo(kernel[0] - 1, 0), upTo(kernel[1] - 1, 0)),
      ceil: fc.boolean(),
      countPadding: fc.boolean(),
      leading: pair(upTo(2)),
      spare: pair(upTo(4, 0)),
    }),
  )
  .map(({ leading, spare, ...attrs }) => {
    const extent = (a: 0 | 1) => Math.max(1, attrs.kernel[a] - attrs.pads[a] - attrs.pads[a + 2] + spare[a]);
    const size: g.Pair = [extent(0), extent(1)];
    const x = [...leading, ...size];
    const y = g.resolveShape(g.avgPool(g.input('x', x), attrs).shape, 1);
    return { attrs, size, x, y };
  });

export const pool = {
  maxPool: fc.tuple(poolings, rngs).map(([{ attrs, x }, rng]) => ({
    operands: [separated(x, rng)],
    output: ([input]) => g.maxPool(input, attrs),
  })),
  poolGather: fc.tuple(poolings, rngs).map(([{ x, y }, rng]) => {
    const places = indices(y, sizeOf(x), rng);
    return { operands: [smooth(x, rng)], output: ([input]) => g.poolGather(input, places) };
  }),
  poolScatter: fc.tuple(poolings, rngs).map(([{ size, x, y }, rng]) => {
    const places = indices(y, sizeOf(x), rng);
    return { operands: [smooth(y, rng)], output: ([out]) => g.poolScatter(out, places, size) };
  }),
  avgPool: fc.tuple(poolings, rngs).map(([{ attrs, x }, rng]) => ({
    operands: [smooth(x, rng)],
    output: ([input]) => g.avgPool(input, attrs),
  })),
  avgPoolInput: fc.tuple(poolings, rngs).map(([{ attrs, size, y }, rng]) => ({
    operands: [smooth(y, rng)],
    output: ([out]) => g.avgPoolInput(out, size, attrs),
  })),
} satisfies Partial<Record<g.OpName, fc.Arbitrary<Instance>>>;
