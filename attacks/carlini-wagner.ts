import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import { adam, adamFeeds, adamStart } from './adam.ts';
import { defineBatchAttack, scalarOf } from './attack.ts';
import { classRow } from './classes.ts';
import { goalOption, goalsOf } from './goal.ts';
import { compileStep, iterate, mergeFinds, type Found } from './iterate.ts';
import { margin } from './losses.ts';

/** Keeps the inverse of tanh finite at 0 and 1, as foolbox does. */
const inside = 0.999999;

/**
 * The smallest change in L2 that fools the model (Carlini and Wagner, arXiv:1608.04644, section V.A), by Adam in tanh space on
 * `‖x' - x‖² + c · max(0, z_label - max z_other + confidence)`, which is lowered; c is searched for each picture: ten times as much
 * until the model is fooled, then by halving. Defaults are foolbox's. A search ends where a tenth of its steps did not lower the loss.
 */
export const carliniWagner = defineBatchAttack({
  name: 'carlini-wagner',
  title: 'Carlini-Wagner (L2)',
  paper: 'arXiv:1608.04644',
  kind: 'prediction',
  options: z.strictObject({
    /** Values of c tried for each picture. */
    searches: z.int().min(1).default(9),
    /** Steps of Adam for each c, at most. */
    steps: z.int().min(1).default(10000),
    learningRate: z.number().positive().default(0.01),
    /** By how much another logit must be above that of the class. */
    confidence: z.number().min(0).default(0),
    initialConst: z.number().positive().default(1e-3),
    /** The class that is to be predicted; by default any but the explained one. */
    target: goalOption,
  }),
  prepare({ engine, model, options }) {
    const { pixels, logits, classes } = model;
    const { confidence, steps, target } = options;
    const goals = target === undefined ? undefined : goalsOf({ engine, model }, target);
    const [origin, free, reached] = ['origin', 'free', 'reached'].map((name) => g.input(name, pixels.shape));
    const [weight, checked] = ['weight', 'checked'].map((name) => g.input(name, ['N']));
    const label = g.input('label', ['N', classes]);
    const check = g.input('check', []);
    const away = margin(logits, label);
    const ahead = g.sub(goals ? g.neg(away) : away, confidence);
    const squared = (from: g.Node) => {
      const change = g.sub(pixels, from);
      return g.reduceSum(g.mul(change, change), [1, 2, 3]);
    };
    const loss = g.add(g.mul(weight, g.maximum(g.neg(ahead), 0)), squared(reached));
    const [gradient] = g.grad(loss, [pixels]);
    // pixels = (tanh(free) + 1) / 2, so their derivative in `free` is 2 p (1 - p).
    const slope = g.mul(gradient, g.mul(g.mul(pixels, 2), g.sub(1, pixels)));
    const { x: moved, ...moments } = adam(free, slope, options.learningRate);
    const stuck = g.and(g.greater(loss, g.mul(checked, 0.9999)), g.greater(g.expand(check, ['N']), 0));
    const programs = compileStep(engine, {
      loss,
      margin: ahead,
      score: g.neg(squared(origin)),
      done: g.cast(stuck, 'float32'),
      next: {
        pixels: g.mul(g.add(g.tanh(moved), 1), 0.5),
        free: moved,
        ...moments,
        checked: g.where(g.greater(check, 0), loss, checked),
      },
      gradients: 1,
    });

    const every = Math.ceil(steps / 10);
    const feeds = (i: number) => ({ ...adamFeeds(i), check: scalarOf(i % every === 0 ? 1 : 0) });
    return async (victims) => {
      const classesOf = await goals?.of(victims);
      const fixed = victims.map((victim, i) => {
        const like = (data: Float32Array): Tensor => ({ shape: victim.image.shape, data });
        const free = victim.image.data.map((v) => Math.atanh((2 * v - 1) * inside));
        const pixels = like(free.map((v) => (Math.tanh(v) + 1) / 2));
        const label = classRow(classesOf?.[i] ?? victim.target, classes);
        return { pixels, reached: pixels, free: like(free), ...adamStart(victim.image), origin: victim.image, label };
      });
      const bounds = victims.map(() => ({ weight: options.initialConst, low: 0, high: Infinity }));
      let found: Found[] = [];
      for (let search = 0; search < options.searches; search++) {
        const starts = fixed.map((start, i) => ({
          ...start,
          weight: scalarOf(bounds[i].weight),
          checked: scalarOf(Infinity),
        }));
        const tried = await iterate(programs, starts, { steps, feeds, signal: victims[0].signal });
        found = tried.map((now, i) => mergeFinds(found.at(i), now));
        bounds.forEach((b, i) => {
          if (tried[i].fooled) b.high = b.weight;
          else b.low = b.weight;
          b.weight = b.high === Infinity ? b.weight * 10 : (b.low + b.high) / 2;
        });
      }
      return goals ? found.map((f, i) => ({ ...f, goal: classesOf![i], queries: f.queries + goals.queries })) : found;
    };
  },
});
