import type { State, Stepper, Tensors } from '../src/engine/engine.ts';
import { createScope } from '../src/engine/scope.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import type { Perturbed } from './attack.ts';
import { bestOf } from './best.ts';

/** What a picture is worth to the attacker, on the model as it is. */
export interface Judgement {
  /** Less is better. */
  readonly loss: number;
  /** Whether the prediction is that of the clean picture. */
  readonly kept: boolean;
}

export interface Search {
  readonly steps: number;
  readonly restarts: number;
  /** Every how many steps the pictures are judged; 0 judges the last of each run only. */
  readonly judgeEvery: number;
  readonly signal?: AbortSignal;
  /** The step of a run, which gives `pixels` and all else that goes round, and the attacker's own `loss` `[N]` before it. */
  step(restart: number): Stepper;
  /** What the steps of a run are fed besides, a sample a row, the same at all. */
  fixed(restart: number): Tensors;
  /** What a step is fed besides, the same for all samples. */
  feeds?(i: number): Tensors;
  /** `pixels` `[N,3,H,W]` and all else that goes round, a sample a row; `best` gives the pictures that earlier runs found. */
  start(restart: number, best: () => Promise<readonly Tensor[]>): Tensors | Promise<Tensors>;
  /** One judgement a sample, of `pixels` and what is fixed. */
  judge(state: State): Promise<readonly Judgement[]>;
  /** What is fixed otherwise for judgements than for steps. */
  readonly judged?: Tensors;
  /** That of `compileChoice` for the pictures. */
  readonly choice: Stepper;
}

interface Candidate extends Judgement {
  readonly restart: number;
}

const isBetter = (a: Judgement, b: Judgement) => (a.kept === b.kept ? a.loss < b.loss : a.kept);

/**
 * Moves pictures step by step, from one start or several, and returns for each the best of those judged: one that keeps the prediction
 * before one that does not, then by the loss on the model as it is. With `judgeEvery`, the starts are judged too: an attack that
 * finds nothing returns the clean picture. Pictures stay where the engine computes up to the end.
 */
export async function search(options: Search): Promise<Omit<Perturbed, 'targetMap'>[]> {
  const { steps, restarts, judgeEvery, signal } = options;
  const isJudged = (i: number) => i === steps || (judgeEvery > 0 && i % judgeEvery === 0);
  const losses: number[][][] = [];
  const candidates: Candidate[] = [];
  const images: Tensor[] = [];
  const scope = createScope();
  const best = bestOf(options.choice, scope);
  const readBest = async () => {
    for (const [row, image] of await best.read()) images[row] = image;
    return images;
  };
  let judged = 0;
  try {
    const forJudge = scope.add(await options.step(0).hold(options.judged ?? {}));
    for (let restart = 0; restart < restarts; restart++) {
      const step = options.step(restart);
      const fixed = scope.add(await step.hold(options.fixed(restart)));
      let state = scope.add(await step.hold(await options.start(restart, readBest)));
      const own = Array.from({ length: state.pixels.shape[0] }, (): number[] => []);
      for (let i = 0; ; i++) {
        signal?.throwIfAborted();
        if (isJudged(i)) {
          judged++;
          const judgements = await options.judge({ ...fixed, ...forJudge, ...state });
          const rows = own.flatMap((_, row) =>
            !candidates.at(row) || isBetter(judgements[row], candidates[row]) ? [row] : [],
          );
          for (const row of rows) candidates[row] = { ...judgements[row], restart };
          await best.take(rows, state.pixels);
        }
        if (i === steps) break;
        const { results, state: next } = await step.run({ ...fixed, ...state, ...options.feeds?.(i) });
        own.forEach((curve, row) => curve.push(results.loss.data[row]));
        state = scope.add(next);
        scope.keep(forJudge, fixed, state, best.state());
      }
      losses.push(own);
      scope.keep(forJudge, best.state());
    }
    const gradients = restarts * steps;
    await readBest();
    return candidates.map(({ restart }, row) => ({
      image: images[row],
      losses: losses[restart][row],
      queries: gradients + judged,
      gradients,
    }));
  } finally {
    scope.keep();
  }
}
