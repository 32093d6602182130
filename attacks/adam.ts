import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import type { Tensors } from '../src/engine/engine.ts';
import { tensor, type Tensor } from '../src/numeric/tensor.ts';
import { scalarOf } from './attack.ts';

/** Moments and rates as in PyTorch. */
const [decay1, decay2, tiny] = [0.9, 0.999, 1e-8];

/**
 * One step of Adam (arXiv:1412.6980) down a gradient, as graph: where x goes, and the moments that go round as `first` and
 * `second`. Each step is fed `adamFeeds` of its index.
 */
export function adam(x: Node, gradient: Node, learningRate: number): { x: Node; first: Node; second: Node } {
  const [first, second] = ['first', 'second'].map((name) => g.input(name, x.shape));
  const [correction1, correction2] = ['correction1', 'correction2'].map((name) => g.input(name, []));
  const m = g.add(g.mul(first, decay1), g.mul(gradient, 1 - decay1));
  const v = g.add(g.mul(second, decay2), g.mul(g.mul(gradient, gradient), 1 - decay2));
  const update = g.div(g.mul(g.mul(m, correction1), learningRate), g.add(g.sqrt(g.mul(v, correction2)), tiny));
  return { x: g.sub(x, update), first: m, second: v };
}

/** What to feed at step i, counted from 0: the corrections of moments that began at zero. */
export const adamFeeds = (i: number): Tensors => ({
  correction1: scalarOf(1 / (1 - decay1 ** (i + 1))),
  correction2: scalarOf(1 / (1 - decay2 ** (i + 1))),
});

/** Moments before the first step. */
export const adamStart = ({ shape }: Tensor): Tensors => ({ first: tensor(shape), second: tensor(shape) });
