import fc from 'fast-check';
import * as g from '../../../src/graph/index.ts';
import type { Instance } from '../check.ts';
import { broadcasting, rngs, smooth, upTo } from '../draw.ts';

const pair = (first: fc.Arbitrary<number>) => fc.tuple(first, first);

/** A convolution with any strides, dilations, groups and uneven padding: its attributes and the shapes of x, w and y. */
export const convolutions = fc
  .record({
    batch: upTo(2),
    groups: upTo(2),
    perGroup: pair(upTo(2)),
    kernel: pair(upTo(3)),
    strides: pair(upTo(3)),
    dilations: pair(upTo(2)),
    pads: fc.tuple(upTo(2, 0), upTo(2, 0), upTo(2, 0), upTo(2, 0)),
    spare: pair(upTo(4, 0)),
  })
  .map(({ batch, groups, perGroup, kernel, strides, dilations, pads, spare }) => {
    const extent = (a: 0 | 1) => Math.max(1, dilations[a] * (kernel[a] - 1) + 1 - pads[a] - pads[a + 2] + spare[a]);
    const size: g.Pair = [extent(0), extent(1)];
    const attrs: g.ConvAttrs = { strides, pads, dilations, groups };
    const x = [batch, groups * perGroup[0], ...size];
    const w = [groups * perGroup[1], perGroup[0], ...kernel];
    const y = g.resolveShape(g.conv(g.input('x', x), g.input('w', w), undefined, attrs).shape, batch);
    return { attrs, size, kernel, x, w, y };
  });

const products = fc.record({
  leading: broadcasting(2, { max: 2 }),
  rows: upTo(3),
  inner: upTo(3),
  columns: upTo(3),
  rng: rngs,
});

export const linear = {
  conv: fc.tuple(convolutions, rngs, fc.boolean()).map(([{ attrs, x, w }, rng, biased]) => ({
    operands: [x, w, ...(biased ? [[w[0]]] : [])].map((s) => smooth(s, rng)),
    output: ([input, weight, bias]) => g.conv(input, weight, bias, attrs),
  })),
  convInput: fc.tuple(convolutions, rngs).map(([{ attrs, size, w, y }, rng]) => ({
    operands: [smooth(y, rng), smooth(w, rng)],
    output: ([out, weight]) => g.convInput(out, weight, size, attrs),
  })),
  convWeight: fc.tuple(convolutions, rngs).map(([{ attrs, kernel, x, y }, rng]) => ({
    operands: [smooth(x, rng), smooth(y, rng)],
    output: ([input, out]) => g.convWeight(input, out, kernel, attrs),
  })),
  dense: fc.tuple(products, fc.boolean()).map(([{ leading, rows, inner, columns, rng }, biased]) => ({
    operands: [[...leading[0], rows, inner], [inner, columns], ...(biased ? [[columns]] : [])].map((s) =>
      smooth(s, rng),
    ),
    output: ([x, w, bias]) => g.dense(x, w, bias),
  })),
  matmul: products.map(({ leading, rows, inner, columns, rng }) => ({
    operands: [smooth([...leading[0], rows, inner], rng), smooth([...leading[1], inner, columns], rng)],
    output: ([a, b]) => g.matmul(a, b),
  })),
} satisfies Partial<Record<g.OpName, fc.Arbitrary<Instance>>>;
