import type { Engine, Tensors } from '../src/engine/engine.ts';
import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { at, copyOf, stack, type Tensor } from '../src/numeric/tensor.ts';
import type { Perturbed } from './attack.ts';

/** One step of an attack as graph. Everything in it is `[N,...]`, a sample a row. */
export interface Step {
  /** What the attacker raises or lowers, `[N]`; only recorded. */
  readonly loss: Node;
  /** Above 0 where the picture fools the model, `[N]`. */
  readonly margin: Node;
  /** Of two pictures that both fool the model, or both do not, the one with more of this is kept, `[N]`. */
  readonly score: Node;
  /** Above 0 where a sample is finished after this step, `[N]`. */
  readonly done?: Node;
  /** `pixels` and all else that goes round, by the names of the inputs that hold it. */
  readonly next: Readonly<Record<'pixels', Node> & Record<string, Node>>;
  /** Gradients that one step takes. */
  readonly gradients: number;
}

/** A compiled step, and its first half alone: the judgement of the last picture. */
export interface StepPrograms {
  readonly gradients: number;
  step(feeds: Tensors): Promise<Tensors>;
  judge(feeds: Tensors): Promise<Tensors>;
}

/** Compiles a step; what comes out as `pixels` is clipped to [0,1] here. */
export function compileStep(engine: Engine, { loss, margin, score, done, next, gradients }: Step): StepPrograms {
  const judgement = { loss, margin, score };
  const pixels = g.clip(next.pixels, 0, 1);
  const step = engine.compile({ ...judgement, ...(done && { done }), ...next, pixels });
  const judge = engine.compile(judgement);
  return { gradients, step: (feeds) => step.run(feeds), judge: (feeds) => judge.run(feeds) };
}

/** How an attack on one picture went. */
export interface Found extends Required<Pick<Perturbed, 'image' | 'queries' | 'gradients'>> {
  readonly losses: number[];
  /** Whether a step had a positive margin: `image` then has, too. */
  readonly fooled: boolean;
  readonly score: number;
}

export interface Loop {
  readonly steps: number;
  readonly signal?: AbortSignal;
  /** What else to feed at a step, the same for all samples. */
  feeds?(step: number): Tensors;
}

const stacked = (rows: readonly Tensors[]): Tensors =>
  Object.fromEntries(Object.keys(rows[0]).map((name) => [name, stack(rows.map((row) => row[name]))]));

const chosen = (state: Tensors, rows: readonly number[]): Tensors =>
  Object.fromEntries(Object.entries(state).map(([name, t]) => [name, stack(rows.map((row) => at(t, row)))]));

/**
 * Moves a batch step by step and keeps the best picture of each sample: one that fools the model before one that does not, then by
 * score. The start itself counts only where it fools the model. A sample that is done leaves the batch.
 *
 * `starts` holds what each sample feeds, without the batch axis: `pixels`, what goes round, and what stays.
 */
export async function iterate(
  programs: StepPrograms,
  starts: readonly Tensors[],
  { steps, signal, feeds }: Loop,
): Promise<Found[]> {
  const found = starts.map(({ pixels }): Found => ({
    image: pixels,
    fooled: false,
    score: -Infinity,
    losses: [],
    queries: 0,
    gradients: 0,
  }));
  let state = stacked(starts);
  let active = starts.map((_, sample) => sample);
  for (let i = 0; active.length > 0; i++) {
    signal?.throwIfAborted();
    const last = i === steps;
    const { loss, margin, score, done, ...next } = await programs[last ? 'judge' : 'step']({ ...state, ...feeds?.(i) });
    active.forEach((sample, row) => {
      const before = found[sample];
      const candidate = { fooled: margin.data[row] > 0, score: score.data[row] };
      before.losses.push(loss.data[row]);
      found[sample] = {
        ...before,
        ...((i > 0 || candidate.fooled) && isBetter(candidate, before)
          ? { ...candidate, image: copyOf(at(state.pixels, row)) }
          : {}),
        queries: before.queries + 1,
        gradients: before.gradients + (last ? 0 : programs.gradients),
      };
    });
    if (last) break;
    const going = active.flatMap((_, row) => ((done as Tensor | undefined)?.data[row] ? [] : [row]));
    state = { ...state, ...next };
    if (going.length < active.length && going.length > 0) state = chosen(state, going);
    active = going.map((row) => active[row]);
  }
  return found;
}

/** Whether the first of two pictures is the better find. */
const isBetter = (a: Pick<Found, 'fooled' | 'score'>, b: Pick<Found, 'fooled' | 'score'>): boolean =>
  a.fooled === b.fooled ? a.score > b.score : a.fooled;

/** Of two tries at one picture, the better find and what both cost. */
export const mergeFinds = (before: Found | undefined, after: Found): Found =>
  before
    ? {
        ...(isBetter(after, before) ? after : before),
        queries: before.queries + after.queries,
        gradients: before.gradients + after.gradients,
      }
    : after;
