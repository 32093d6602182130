import * as g from '../../graph/index.ts';
import type { Node } from '../../graph/index.ts';

/**
 * A weight or bias with each value passed through a function. One that is no constant, because it is being trained, is changed by graph:
 * `f(w) = f(0) + (f(1) - f(0)) w⁺ + (f(-1) - f(0)) w⁻`, which holds for the functions of all rules but w². Throws GraphError for others.
 */
export function mapWeight(weight: Node, f: (value: number) => number): Node {
  if (weight.op === 'constant') return g.mapConstant(weight, f);
  const [zero, up, down] = [f(0), f(1) - f(0), f(-1) - f(0)];
  const departs = (value: number, expected: number) => Math.abs(value - expected) > 1e-9;
  if (departs(f(2), zero + 2 * up) || departs(f(-2), zero + 2 * down))
    throw new g.GraphError('LRP: this rule needs weights that are constant');
  const [above, below] = [g.relu(weight), g.relu(g.neg(weight))];
  return g.add(g.add(g.mul(above, up), g.mul(below, down)), zero);
}
