import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';

/** numerator / (z + ε·sign z), with sign 0 = 1 as in zennit; the sign is left out where z cannot be negative. */
export function stableRatio(numerator: Node, z: Node, epsilon: number, nonNegative = g.isNonNegative(z)): Node {
  if (nonNegative) return g.div(numerator, g.add(z, epsilon));
  const offset = g.sub(g.mul(g.cast(g.greaterEqual(z, 0), 'float32'), 2 * epsilon), epsilon);
  return g.div(numerator, g.add(z, offset));
}
