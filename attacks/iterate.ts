import type { Engine, Feeds, Program, State, Stepper, Tensors } from '../src/engine/engine.ts';
import { createScope } from '../src/engine/scope.ts';
import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { at, stack } from '../src/numeric/tensor.ts';
import type { Perturbed } from './attack.ts';
import { bestOf, compileChoice } from './best.ts';

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

/** A compiled step; its first half alone, the judgement of the last picture; and the choice of the best pictures. */
export interface StepPrograms {
  readonly gradients: number;
  readonly step: Stepper;
  readonly judge: Program;
  readonly choice: Stepper;
}

/** Compiles a step; what comes out as `pixels` is clipped to [0,1] here. */
export function compileStep(engine: Engine, { loss, margin, score, done, next, gradients }: Step): StepPrograms {
  const judgement = { loss, margin, score };
  const pixels = g.clip(next.pixels, 0, 1);
  return {
    gradients,
    step: engine.compileStep({ ...judgement, ...(done && { done }) }, { ...next, pixels }),
    judge: engine.compile(judgement),
    choice: compileChoice(engine, pixels.shape),
  };
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

/** Some rows of values, which come to the host for that. */
async function chosen(state: State, rows: readonly number[]): Promise<Tensors> {
  const named = Object.entries(state).map(async ([name, kept]) => {
    const value = await kept.read();
    return [name, stack(rows.map((row) => at(value, row)))] as const;
  });
  return Object.fromEntries(await Promise.all(named));
}

/**
 * Moves a batch step by step and keeps the best picture of each sample: one that fools the model before one that does not, then by
 * score. The start itself counts only where it fools the model. A sample that is done leaves the batch. What goes round and the best
 * pictures stay where the engine computes.
 *
 * `starts` holds what each sample feeds, without the batch axis: `pixels`, what goes round, and what stays.
 */
export async function iterate(
  programs: StepPrograms,
  starts: readonly Tensors[],
  { steps, signal, feeds }: Loop,
): Promise<Found[]> {
  const { step, judge, choice, gradients } = programs;
  const found = starts.map(({ pixels }): Found => ({
    image: pixels,
    fooled: false,
    score: -Infinity,
    losses: [],
    queries: 0,
    gradients: 0,
  }));
  const scope = createScope();
  const best = bestOf(choice, scope);
  let active = starts.map((_, sample) => sample);
  const bringBest = async () => {
    for (const [row, image] of await best.read()) found[active[row]] = { ...found[active[row]], image };
  };
  try {
    let state = scope.add(await step.hold(stacked(starts)));
    for (let i = 0; active.length > 0; i++) {
      signal?.throwIfAborted();
      const last = i === steps;
      const fed: Feeds = { ...state, ...feeds?.(i) };
      const { results, state: next } = last ? { results: await judge.run(fed), state: {} } : await step.run(fed);
      scope.add(next);
      const better = active.flatMap((sample, row) => {
        const before = found[sample];
        const candidate = { fooled: results.margin.data[row] > 0, score: results.score.data[row] };
        const isTaken = (i > 0 || candidate.fooled) && isBetter(candidate, before);
        before.losses.push(results.loss.data[row]);
        found[sample] = {
          ...before,
          ...(isTaken ? candidate : {}),
          queries: before.queries + 1,
          gradients: before.gradients + (last ? 0 : gradients),
        };
        return isTaken ? [row] : [];
      });
      await best.take(better, state.pixels);
      if (last) break;
      const { done }: Partial<Tensors> = results;
      const going = active.flatMap((_, row) => (done?.data[row] ? [] : [row]));
      state = { ...state, ...next };
      if (going.length < active.length) {
        await bringBest();
        active = going.map((row) => active[row]);
        if (going.length > 0)
          state = scope.add(
            await step.hold({ ...stacked(active.map((sample) => starts[sample])), ...(await chosen(next, going)) }),
          );
      }
      scope.keep(state, best.state());
    }
    await bringBest();
    return found;
  } finally {
    scope.keep();
  }
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
