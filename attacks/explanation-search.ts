import type { Tensors } from '../src/engine/engine.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import type { Perturbed } from './attack.ts';

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
  /** Every how many steps a picture is judged; 0 judges the last of each run only. */
  readonly judgeEvery: number;
  readonly signal?: AbortSignal;
  /** `pixels` and all else that goes round. */
  start(restart: number): Tensors;
  /** The next state, and the attacker's own `loss` before the step. */
  step(state: Tensors, i: number): Promise<Tensors>;
  judge(pixels: Tensor): Promise<Judgement>;
}

interface Candidate extends Judgement {
  readonly image: Tensor;
  readonly restart: number;
}

const isBetter = (a: Judgement, b: Judgement) => (a.kept === b.kept ? a.loss < b.loss : a.kept);

/**
 * Moves a picture step by step, from one start or several, and returns the best of those judged: one that keeps the prediction
 * before one that does not, then by the loss on the model as it is. With `judgeEvery`, the starts are judged too: an attack that
 * finds nothing returns the clean picture.
 */
export async function search(options: Search): Promise<Omit<Perturbed, 'targetMap'>> {
  const { steps, restarts, judgeEvery, signal } = options;
  const isJudged = (i: number) => i === steps || (judgeEvery > 0 && i % judgeEvery === 0);
  const losses: number[][] = [];
  let best: Candidate | undefined;
  let judged = 0;
  for (let restart = 0; restart < restarts; restart++) {
    const own: number[] = [];
    let state = options.start(restart);
    for (let i = 0; ; i++) {
      signal?.throwIfAborted();
      if (isJudged(i)) {
        judged++;
        const candidate = { ...(await options.judge(state.pixels)), image: state.pixels, restart };
        if (!best || isBetter(candidate, best)) best = candidate;
      }
      if (i === steps) break;
      const { loss, ...next } = await options.step(state, i);
      own.push(loss.data[0]);
      state = next;
    }
    losses.push(own);
  }
  const gradients = restarts * steps;
  return { image: best!.image, losses: losses[best!.restart], queries: gradients + judged, gradients };
}
