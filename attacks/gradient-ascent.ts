import * as g from '../src/graph/index.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import type { AttackSetup, PreparedAttack, Victim } from './attack.ts';
import { classRow } from './classes.ts';
import { goalsOf, type Goal } from './goal.ts';
import { compileStep, iterate } from './iterate.ts';
import { crossEntropy, margin } from './losses.ts';
import { norms, type Norm } from './norms.ts';

export interface AscentOptions {
  readonly norm: keyof typeof norms;
  /** Radius in pixel units. */
  readonly epsilon: number;
  readonly steps: number;
  /** Size of a step, in radii. */
  readonly relativeStep: number;
  readonly randomStart: boolean;
  /** The class to steer to; without one, away from the explained class. */
  readonly target?: Goal;
}

/** A random picture `[3,H,W]` in the ball around another, clipped to [0,1]. */
export function randomlyMoved({ image, rng }: Pick<Victim, 'image' | 'rng'>, norm: Norm, radius: number): Tensor {
  const noise = norm.randomStart(image.data.length, rng);
  return { shape: image.shape, data: image.data.map((v, i) => Math.min(Math.max(v + radius * noise[i], 0), 1)) };
}

/**
 * Projected steps along the normalised gradient of the cross-entropy: up that of the explained class, or down that of a class to steer to.
 * FGSM and PGD.
 */
export function gradientAscent(
  { engine, model }: Pick<AttackSetup<unknown>, 'engine' | 'model'>,
  { norm: name, epsilon, steps, relativeStep, randomStart, target }: AscentOptions,
): PreparedAttack {
  const goals = target === undefined ? undefined : goalsOf({ engine, model }, target);
  const norm = norms[name];
  const { pixels, logits, classes } = model;
  const origin = g.input('origin', pixels.shape);
  const label = g.input('label', ['N', classes]);
  const [loss, ahead] = [crossEntropy(logits, label), margin(logits, label)];
  const [score, fooled] = goals ? [g.neg(loss), g.neg(ahead)] : [loss, ahead];
  const [gradient] = g.grad(score, [pixels]);
  const moved = g.add(pixels, g.mul(norm.normalise(gradient), epsilon * relativeStep));
  const next = { pixels: g.add(origin, norm.project(g.sub(moved, origin), epsilon)) };
  const programs = compileStep(engine, { loss, score, margin: fooled, next, gradients: 1 });
  return async (victims) => {
    const classesOf = await goals?.of(victims);
    const starts = victims.map((victim, i) => ({
      pixels: randomStart ? randomlyMoved(victim, norm, epsilon) : victim.image,
      origin: victim.image,
      label: classRow(classesOf?.[i] ?? victim.target, classes),
    }));
    const found = await iterate(programs, starts, { steps, signal: victims[0].signal });
    return goals ? found.map((f, i) => ({ ...f, goal: classesOf![i], queries: f.queries + goals.queries })) : found;
  };
}
