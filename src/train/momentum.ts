import { add, mul, sub } from '../graph/index.ts';
import type { Optimiser } from './optimiser.ts';

/** How much of the last step's direction is kept. */
const inertia = 0.9;

/** Stochastic gradient descent with Nesterov's momentum; weight decay is part of the slope. */
export const momentum: Optimiser = {
  memory: ['velocity'],
  step(parameter, [velocity], gradient, rate, decay) {
    const slope = decay === 0 ? gradient : add(gradient, mul(parameter, decay));
    const next = add(mul(velocity, inertia), slope);
    return { parameter: sub(parameter, mul(rate, add(slope, mul(next, inertia)))), memory: [next] };
  },
};
