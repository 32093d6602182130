import type { Engine } from '../src/engine/engine.ts';
import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import type { Model } from '../src/model/model.ts';
import { compileStep, type StepPrograms } from './iterate.ts';
import { crossEntropy, logitRatio, margin, targetedLogitRatio } from './losses.ts';
import { norms } from './norms.ts';

/** The first step size, in radii. */
export const firstRate = 2;
/** How much of a step is new, at first and later; the rest is the move before. */
export const [firstShare, share] = [1, 0.75];
/** A step size is good where the loss rose in more than this share of its steps. */
const goodShare = 0.75;

/** At which steps the step size is judged, and over how many (arXiv:2003.01690, section 3.1): .22 of all at first, then fewer. */
export function checkpoints(steps: number): Map<number, number> {
  const part = (share: number) => Math.max(Math.trunc(share * steps), 1);
  const windows = new Map<number, number>();
  for (let window = part(0.22), end = window; end <= steps; end += window) {
    windows.set(end, window);
    window = Math.max(window - part(0.03), part(0.06));
  }
  return windows;
}

interface Options {
  readonly norm: 'linf' | 'l2';
  readonly epsilon: number;
  readonly loss: 'ce' | 'dlr' | 'dlr-targeted';
}

/** One step of Auto-PGD: the pictures, and for each its best one, its step size and how its loss went since the last checkpoint. */
export function compileAutoPgd(
  engine: Engine,
  { pixels, logits, classes }: Model,
  { norm: name, epsilon, ...options }: Options,
): StepPrograms {
  const norm = norms[name];
  const pictures = ['origin', 'previous', 'best', 'bestGradient'].map((n) => g.input(n, pixels.shape));
  const [origin, previous, best, bestGradient] = pictures;
  const numbers = ['rate', 'bestLoss', 'lossBefore', 'checkedLoss', 'rises', 'reduced'];
  const [rate, bestLoss, lossBefore, checkedLoss, rises, reduced] = numbers.map((n) => g.input(n, ['N', 1, 1, 1]));
  const [label, goal] = ['label', 'goal'].map((n) => g.input(n, ['N', classes]));
  const [window, fresh] = ['window', 'fresh'].map((n) => g.input(n, []));

  const losses = {
    ce: () => crossEntropy(logits, label),
    dlr: () => logitRatio(logits, label),
    'dlr-targeted': () => targetedLogitRatio(logits, label, goal),
  };
  const loss = losses[options.loss]();
  const [gradient] = g.grad(loss, [pixels]);
  const value = g.reshape(loss, ['N', 1, 1, 1]);
  const better = g.greater(value, bestLoss);
  const now = {
    best: g.where(better, pixels, best),
    bestGradient: g.where(better, gradient, bestGradient),
    bestLoss: g.where(better, value, bestLoss),
    rises: g.add(rises, g.cast(g.greater(value, lossBefore), 'float32')),
  };

  const checking = g.greater(window, 0);
  const few = g.greaterEqual(g.mul(window, goodShare), now.rises);
  const idle = g.and(g.not(g.greater(reduced, 0)), g.greaterEqual(checkedLoss, now.bestLoss));
  const reduce = g.and(checking, g.not(g.and(g.not(few), g.not(idle))));
  const pace = g.where(reduce, g.mul(rate, 0.5), rate);
  const from = g.where(reduce, now.best, pixels);
  const along = norm.normalise(g.where(reduce, now.bestGradient, gradient));

  const bounded = (x: Node) => g.clip(g.add(origin, norm.project(g.sub(x, origin), epsilon)), 0, 1);
  const stepped = bounded(g.add(from, g.mul(along, pace)));
  const onward = g.add(g.mul(g.sub(stepped, from), fresh), g.mul(g.sub(from, previous), g.sub(1, fresh)));
  return compileStep(engine, {
    loss,
    score: loss,
    margin: margin(logits, label),
    next: {
      pixels: bounded(g.add(from, onward)),
      previous: from,
      ...now,
      rate: pace,
      lossBefore: value,
      rises: g.where(checking, 0, now.rises),
      reduced: g.where(checking, g.cast(reduce, 'float32'), reduced),
      checkedLoss: g.where(checking, now.bestLoss, checkedLoss),
    },
    gradients: 1,
  });
}
