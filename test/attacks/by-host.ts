/** The loops of attacks as they read in prose: one picture at a time, all of it on the host. */
import { expect } from 'vitest';
import { compileChoice } from '../../attacks/best.ts';
import { search } from '../../attacks/explanation-search.ts';
import { compileStep, iterate, type Step } from '../../attacks/iterate.ts';
import type { Engine, Tensors } from '../../src/engine/engine.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { batchOf, stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';

const pixels = g.input('pixels', ['N', 3, 2, 2]);
const pace = g.input('pace', pixels.shape);
const goal = g.input('goal', ['N']);
const height = g.reduceMax(g.mul(pixels, pace), [1, 2, 3]);
const next = {
  pixels: g.clip(g.add(pixels, g.mul(pace, g.reshape(g.sub(goal, height), ['N', 1, 1, 1]))), 0, 1),
  pace: g.sub(g.mul(pace, 0.75), g.mul(pixels, 0.5)),
};
const step: Step = {
  loss: height,
  // Each of them goes up and down, so that some samples are better than before and others are not.
  margin: g.sub(height, g.add(g.abs(goal), 0.5)),
  score: g.reduceSum(pace, [1, 2, 3]),
  done: g.cast(g.greater(g.mul(goal, 0.1), g.abs(height)), 'float32'),
  next,
  gradients: 1,
};
const steps = 7;

/** More than one micro-batch. */
function starts(): Record<'pixels' | 'pace' | 'goal', Tensor>[] {
  const rng = createRng(5, 'by-host');
  const picture = (draw: () => number) => tensor([3, 2, 2], Float32Array.from({ length: 12 }, draw));
  return Array.from({ length: 70 }, () => ({
    pixels: picture(() => rng.uniform()),
    pace: picture(() => rng.normal()),
    goal: tensor([], [rng.normal()]),
  }));
}

const alone = (start: Tensors): Tensors =>
  Object.fromEntries(Object.entries(start).map(([name, value]) => [name, batchOf(value)]));

/** Best pictures, where they were met, and losses, whatever the engine does with what goes round. */
export async function checkIterate(engine: Engine): Promise<void> {
  const found = await iterate(compileStep(engine, step), starts(), { steps });
  const { loss, margin, score, done } = step;
  const program = engine.compile({ loss, margin, score, done: done!, ...next });
  for (const [sample, start] of starts().entries()) {
    let state = alone(start);
    let best = { image: start.pixels.data, fooled: false, score: -Infinity };
    const losses: number[] = [];
    for (let i = 0; i <= steps; i++) {
      const now = await program.run(state);
      const fooled = now.margin.data[0] > 0;
      const better = fooled === best.fooled ? now.score.data[0] > best.score : fooled;
      if (better && (i > 0 || fooled)) best = { image: state.pixels.data, fooled, score: now.score.data[0] };
      losses.push(now.loss.data[0]);
      if (now.done.data[0] && i < steps) break;
      state = { ...state, pixels: now.pixels, pace: now.pace };
    }
    const { image, ...others } = found[sample];
    expect(others).toEqual({
      fooled: best.fooled,
      score: best.score,
      losses,
      queries: losses.length,
      gradients: Math.min(losses.length, steps),
    });
    expect([...image.data]).toEqual([...best.image]);
  }
  expect(new Set(found.map(({ queries }) => queries)).size).toBeGreaterThan(3);
  expect(new Set(found.map(({ fooled }) => fooled)).size).toBe(2);
}

/** The same of the search for explanations, over two runs, of which the second begins where the first was best. */
export async function checkSearch(engine: Engine): Promise<void> {
  const [rows, restarts] = [starts(), 2];
  const column = (name: 'pixels' | 'pace' | 'goal') => stack(rows.map((row) => row[name]));
  const stepper = engine.compileStep({ loss: height }, next);
  const judge = engine.compile({ loss: step.score, margin: step.margin });
  const found = await search({
    steps,
    restarts,
    judgeEvery: 2,
    step: () => stepper,
    fixed: () => ({ goal: column('goal') }),
    start: async (restart, best) => ({
      pixels: restart === 0 ? column('pixels') : stack(await best()),
      pace: column('pace'),
    }),
    async judge(state) {
      const { loss, margin } = await judge.run(state);
      return [...loss.data].map((loss, i) => ({ loss, kept: margin.data[i] < 0 }));
    },
    choice: compileChoice(engine, pixels.shape),
  });
  const program = engine.compile({ loss: height, ...next });
  for (const [sample, start] of rows.entries()) {
    let best = { image: start.pixels, kept: false, loss: Infinity, losses: [] as number[] };
    for (let restart = 0; restart < restarts; restart++) {
      let state = alone(restart === 0 ? start : { ...start, pixels: best.image });
      const losses: number[] = [];
      for (let i = 0; i <= steps; i++) {
        if (i % 2 === 0 || i === steps) {
          const { loss, margin } = await judge.run(state);
          const now = { loss: loss.data[0], kept: margin.data[0] < 0 };
          if (now.kept === best.kept ? now.loss < best.loss : now.kept)
            best = { ...now, image: { shape: [3, 2, 2], data: state.pixels.data }, losses };
        }
        if (i === steps) break;
        const { loss, ...after } = await program.run(state);
        losses.push(loss.data[0]);
        state = { ...state, ...after };
      }
    }
    expect(found[sample].losses).toEqual(best.losses);
    expect([...found[sample].image.data]).toEqual([...best.image.data]);
  }
}
