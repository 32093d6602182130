import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { rebuild, type Model } from '../src/model/model.ts';
import { UserError } from '../src/numeric/errors.ts';
import { argMax, batchOf, oneHot, tensor, type Tensor } from '../src/numeric/tensor.ts';
import { defineAttack, scalarOf } from './attack.ts';
import { intoBall } from './ball.ts';

/** The explanation as the attack compares it: |attribution| summed over channels, divided by its sum; `[N,1,H,W]`. */
function normalisedMap(attribution: Node): Node {
  const map = g.reduceSum(g.abs(attribution), [1], true);
  return g.div(map, g.add(g.reduceSum(map, [2, 3], true), 1e-20));
}

/** Mean squared difference of each sample, `[N]`. */
function meanSquare(a: Node, b: Node): Node {
  const d = g.sub(a, b);
  return g.reduceMean(g.mul(d, d), d.shape.map((_, i) => i).slice(1));
}

/** A copy of the model with ReLU smoothed, so that the explanation has a gradient of its own. */
const smoothed = (model: Model, beta: Node): Model =>
  rebuild(model, (node) =>
    node.op === 'relu' ? g.named(g.softplus(node.inputs[0], beta), node.name ?? 'softplus') : node,
  );

/** Moments and rates of Adam, as in PyTorch. */
const [decay1, decay2, tiny] = [0.9, 0.999, 1e-8];

/** A frame along the border, a fifth of the picture wide in all, or the top left quarter; `[1,1,H,W]`, sums to 1. */
function drawn(kind: 'frame' | 'corner', [height, width]: readonly [number, number]): Tensor {
  const edge = Math.max(1, Math.round(Math.min(height, width) / 10));
  const inside = (y: number, x: number) =>
    kind === 'corner'
      ? y < height / 2 && x < width / 2
      : y < edge || x < edge || y >= height - edge || x >= width - edge;
  const flags = Array.from({ length: height * width }, (_, i) => (inside(Math.floor(i / width), i % width) ? 1 : 0));
  const count = flags.filter(Boolean).length;
  return tensor(
    [1, 1, height, width],
    flags.map((f) => f / count),
  );
}

/**
 * Targeted manipulation of an explanation, the prediction kept (Dombrowski et al., arXiv:1906.07983, eq. 3-4).
 *
 * Minimises `w_h MSE(h(x'), h_target) + w_g MSE(p(x'), p(x))` by Adam from x, clamped to [0,1] at each step and, with `epsilon`,
 * to an L-inf ball. ReLU becomes softplus(β) in the attacker's copy, β growing geometrically; what comes out is to be judged on
 * the model as it is. Works for every explainer that is a graph.
 */
export const targetedManipulation = defineAttack({
  name: 'targeted-manipulation',
  title: 'Targeted manipulation',
  paper: 'arXiv:1906.07983',
  kind: 'explanation',
  options: z.strictObject({
    steps: z.int().min(1).default(1500),
    /** Adam's rate, in pixel units. */
    learningRate: z.number().positive().default(2e-4),
    explanationWeight: z.number().positive().default(1e11),
    predictionWeight: z.number().min(0).default(1e6),
    betaStart: z.number().positive().default(10),
    betaEnd: z.number().positive().default(100),
    /** Radius of an L-inf ball in pixel units; none by default. */
    epsilon: z.number().positive().max(1).optional(),
    /** Another picture's explanation, or a drawn one. */
    target: z.enum(['sample', 'frame', 'corner']).default('sample'),
  }),
  prepare({ engine, model, attribution, options }) {
    if (!attribution)
      throw new UserError(
        'targeted-manipulation needs an explainer that is a graph; black-box explainers have no gradient',
      );
    const target = g.input('target', ['N', model.classes]);
    const mapOf = (m: Model) => normalisedMap(attribution(m, target));
    const observe = engine.compile({ map: mapOf(model) });
    const predict = engine.compile({ p: g.softmax(model.logits) });

    const [beta, correction1, correction2] = ['beta', 'correction1', 'correction2'].map((name) => g.input(name, []));
    const [start, first, second] = ['start', 'first', 'second'].map((name) => g.input(name, model.pixels.shape));
    const wanted = g.input('wanted', ['N', 1, ...model.size]);
    const clean = g.input('clean', ['N', model.classes]);
    const soft = smoothed(model, beta);
    const loss = g.add(
      g.mul(meanSquare(mapOf(soft), wanted), options.explanationWeight),
      g.mul(meanSquare(g.softmax(soft.logits), clean), options.predictionWeight),
    );
    const [gradient] = g.grad(loss, [soft.pixels]);
    const m = g.add(g.mul(first, decay1), g.mul(gradient, 1 - decay1));
    const v = g.add(g.mul(second, decay2), g.mul(g.mul(gradient, gradient), 1 - decay2));
    const update = g.div(
      g.mul(g.mul(m, correction1), options.learningRate),
      g.add(g.sqrt(g.mul(v, correction2)), tiny),
    );
    const free = g.sub(soft.pixels, update);
    const moved = options.epsilon === undefined ? free : intoBall(free, start, options.epsilon);
    const step = engine.compile({ pixels: g.clip(moved, 0, 1), first: m, second: v, loss });

    const probabilities = async (image: Tensor) => (await predict.run({ pixels: batchOf(image) })).p;
    /** The explanation of a picture for its own predicted class. */
    const explanation = async (image: Tensor) => {
      const target = oneHot(argMax((await probabilities(image)).data), model.classes);
      return (await observe.run({ pixels: batchOf(image), target })).map;
    };

    return async ({ image, target: label, other, signal }) => {
      const wantedMap =
        options.target === 'sample' ? await explanation(await other()) : drawn(options.target, model.size);
      const origin = batchOf(image);
      const fixed = {
        wanted: wantedMap,
        clean: await probabilities(image),
        target: oneHot(label, model.classes),
        ...(options.epsilon === undefined ? {} : { start: origin }),
      };
      let state = { pixels: origin, first: tensor(origin.shape), second: tensor(origin.shape) };
      const losses: number[] = [];
      for (let i = 0; i < options.steps; i++) {
        signal?.throwIfAborted();
        const growth = options.betaStart * (options.betaEnd / options.betaStart) ** (i / options.steps);
        const result = await step.run({
          ...fixed,
          ...state,
          beta: scalarOf(growth),
          correction1: scalarOf(1 / (1 - decay1 ** (i + 1))),
          correction2: scalarOf(1 / (1 - decay2 ** (i + 1))),
        });
        losses.push(result.loss.data[0]);
        state = { pixels: result.pixels, first: result.first, second: result.second };
      }
      return { image: state.pixels, losses, targetMap: tensor([1, ...model.size], wantedMap.data) };
    };
  },
});
