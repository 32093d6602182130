import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import { batchOf, oneHot } from '../src/numeric/tensor.ts';
import { defineAttack, uniformNoise } from './attack.ts';
import { intoBall } from './ball.ts';

/**
 * Projected gradient descent in an L-inf ball, against the clean prediction: sign steps that raise its cross-entropy, projected
 * to the ball and to [0,1]. Defaults are foolbox's: 40 steps of ε · 0.01/0.3 from a random start.
 */
export const pgd = defineAttack({
  name: 'pgd',
  title: 'PGD (L∞)',
  paper: 'arXiv:1706.06083',
  kind: 'prediction',
  options: z.strictObject({
    /** Radius in pixel units [0,1]. */
    epsilon: z
      .number()
      .positive()
      .max(1)
      .default(8 / 255),
    steps: z.int().min(1).default(40),
    relativeStep: z
      .number()
      .positive()
      .default(0.01 / 0.3),
    randomStart: z.boolean().default(true),
  }),
  prepare({ engine, model, options }) {
    const { epsilon, steps } = options;
    const { pixels } = model;
    const start = g.input('start', pixels.shape);
    const target = g.input('target', ['N', model.classes]);
    const loss = g.neg(g.reduceSum(g.mul(g.logSoftmax(model.logits), target), [1]));
    const [gradient] = g.grad(loss, [pixels]);
    const moved = g.add(pixels, g.mul(g.sign(gradient), epsilon * options.relativeStep));
    const step = engine.compile({ next: g.clip(intoBall(moved, start, epsilon), 0, 1), loss });
    return async ({ image, target: label, rng, signal }) => {
      const origin = batchOf(image);
      const feeds = { start: origin, target: oneHot(label, model.classes) };
      let current = origin;
      if (options.randomStart) {
        const noise = uniformNoise(image, epsilon, rng);
        const data = image.data.map((v, i) => Math.min(Math.max(v + noise[i], 0), 1));
        current = { shape: origin.shape, data };
      }
      const losses: number[] = [];
      for (let i = 0; i < steps; i++) {
        signal?.throwIfAborted();
        const result = await step.run({ ...feeds, pixels: current });
        losses.push(result.loss.data[0]);
        current = result.next;
      }
      return { image: current, losses };
    };
  },
});
