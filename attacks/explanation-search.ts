import type { Tensors } from '../src/engine/engine.ts';
import { copyOf, rowsOf, type Tensor } from '../src/numeric/tensor.ts';
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
  /** Every how many steps the pictures are judged; 0 judges the last of each run only. */
  readonly judgeEvery: number;
  readonly signal?: AbortSignal;
  /** `pixels` `[N,3,H,W]` and all else that goes round, a sample a row; `best` are the pictures that earlier runs found. */
  start(restart: number, best: readonly Tensor[]): Tensors;
  /** The next state, and the attacker's own `loss` `[N]` before the step. */
  step(state: Tensors, i: number, restart: number): Promise<Tensors>;
  /** One judgement a sample. */
  judge(pixels: Tensor): Promise<readonly Judgement[]>;
}

interface Candidate extends Judgement {
  readonly image: Tensor;
  readonly restart: number;
}

const isBetter = (a: Judgement, b: Judgement) => (a.kept === b.kept ? a.loss < b.loss : a.kept);

/**
 * Moves pictures step by step, from one start or several, and returns for each the best of those judged: one that keeps the prediction
 * before one that does not, then by the loss on the model as it is. With `judgeEvery`, the starts are judged too: an attack that
 * finds nothing returns the clean picture.
 */
export async function search(options: Search): Promise<Omit<Perturbed, 'targetMap'>[]> {
  const { steps, restarts, judgeEvery, signal } = options;
  const isJudged = (i: number) => i === steps || (judgeEvery > 0 && i % judgeEvery === 0);
  const losses: number[][][] = [];
  const best: Candidate[] = [];
  let judged = 0;
  for (let restart = 0; restart < restarts; restart++) {
    let state = options.start(
      restart,
      best.map(({ image }) => image),
    );
    const own = rowsOf(state.pixels).map((): number[] => []);
    for (let i = 0; ; i++) {
      signal?.throwIfAborted();
      if (isJudged(i)) {
        judged++;
        const images = rowsOf(state.pixels);
        for (const [row, judgement] of (await options.judge(state.pixels)).entries())
          if (!best.at(row) || isBetter(judgement, best[row]))
            best[row] = { ...judgement, image: copyOf(images[row]), restart };
      }
      if (i === steps) break;
      const { loss, ...next } = await options.step(state, i, restart);
      own.forEach((curve, row) => curve.push(loss.data[row]));
      state = next;
    }
    losses.push(own);
  }
  const gradients = restarts * steps;
  return best.map(({ image, restart }, row) => ({
    image,
    losses: losses[restart][row],
    queries: gradients + judged,
    gradients,
  }));
}
