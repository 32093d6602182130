import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';

/**
 * numerator / (z + ε·sign z), with sign 0 = 1 as in zennit; the sign is left out where z cannot be negative.
 * Without ε, what is exactly 0 is taken for 1, so that nothing is divided by 0.
 */
export function stableRatio(numerator: Node, z: Node, epsilon: number): Node {
  if (epsilon === 0) return g.div(numerator, g.add(z, g.cast(g.equal(z, 0), 'float32')));
  if (g.isNonNegative(z)) return g.div(numerator, g.add(z, epsilon));
  const offset = g.sub(g.mul(g.cast(g.greaterEqual(z, 0), 'float32'), 2 * epsilon), epsilon);
  return g.div(numerator, g.add(z, offset));
}
