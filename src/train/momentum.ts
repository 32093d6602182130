import { add, mul, sub, type Node } from '../graph/index.ts';

/** How much of the last step's direction is kept. */
const inertia = 0.9;

/** One step of stochastic gradient descent with Nesterov's momentum and weight decay; `rate` is a scalar node. */
export function momentumStep(
  parameter: Node,
  velocity: Node,
  gradient: Node,
  rate: Node,
  decay: number,
): { readonly parameter: Node; readonly velocity: Node } {
  const slope = decay === 0 ? gradient : add(gradient, mul(parameter, decay));
  const next = add(mul(velocity, inertia), slope);
  return { parameter: sub(parameter, mul(rate, add(slope, mul(next, inertia)))), velocity: next };
}
