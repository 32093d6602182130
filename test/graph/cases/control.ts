import fc from 'fast-check';
import * as g from '../../../src/graph/index.ts';
import type { Instance } from '../check.ts';
import { rngs, shapes, smooth, upTo } from '../draw.ts';

export const control = {
  // Of the operands one is a sequence, one is passed, one is captured as it is and in an expression.
  sumOver: fc.tuple(shapes({ max: 2 }), upTo(3), rngs).map(([shape, count, rng]) => {
    const weights = g.constant(smooth([count], rng).data, [count]);
    return {
      operands: [smooth([count, ...shape], rng), smooth(shape, rng), smooth(shape, rng)],
      output: ([sequence, passed, captured]) =>
        g.sumOver([sequence, weights], [passed], ([entry, weight], [x]) =>
          g.mul(g.mul(g.tanh(g.mul(g.mul(entry, entry), x)), weight), g.add(g.mul(captured, x), g.exp(captured))),
        ),
    };
  }),
} satisfies Partial<Record<g.OpName, fc.Arbitrary<Instance>>>;
