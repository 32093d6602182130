import { add, div, exp, mul, sqrt, sub, type Node } from '../graph/index.ts';
import type { Optimiser } from './optimiser.ts';

/** How slowly the averages of the gradient and of its square follow. */
const [slow, slower] = [0.9, 0.999];
const epsilon = 1e-8;

const average = (before: Node, value: Node, keep: number): Node => add(mul(before, keep), mul(value, 1 - keep));

/** An average that started from 0, as if it had started from the first value: divided by `1 - keep^time`. */
const unbiased = (value: Node, keep: number, time: Node): Node => div(value, sub(1, exp(mul(time, Math.log(keep)))));

/** Adam with decoupled weight decay (AdamW, arXiv:1711.05101), as PyTorch's. */
export const adam: Optimiser = {
  memory: ['first', 'second'],
  step(parameter, [first, second], gradient, rate, decay, time) {
    const mean = average(first, gradient, slow);
    const square = average(second, mul(gradient, gradient), slower);
    const slope = div(unbiased(mean, slow, time), add(sqrt(unbiased(square, slower, time)), epsilon));
    const step = decay === 0 ? slope : add(slope, mul(parameter, decay));
    return { parameter: sub(parameter, mul(rate, step)), memory: [mean, square] };
  },
};
