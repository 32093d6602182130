import type { Engine, Tensors } from '../engine/engine.ts';
import type { AttributionOf } from '../explainers/index.ts';
import type { Model } from '../model/model.ts';
import { createRng } from '../numeric/random.ts';
import { at, stack, type Tensor } from '../numeric/tensor.ts';
import { learningRate } from '../train/schedule.ts';
import { next } from '../train/step.ts';
import { topCells, type Fooling, type Maps } from './losses.ts';
import { observe, runnerUp, type Explained } from './observe.ts';
import { foolingState, foolingStep, type FoolingStepSettings } from './step.ts';
import { trainable, writeTrained } from './trainable.ts';

export interface FoolingSettings extends FoolingStepSettings {
  readonly steps: number;
  /** The highest learning rate of Adam. */
  readonly rate: number;
  readonly seed: number;
}

/** Means over the batch of a step. */
export interface FoolingProgress {
  readonly step: number;
  readonly loss: number;
  readonly crossEntropy: number;
  readonly fooling: number;
}

export interface FoolingHooks {
  onStep?(progress: FoolingProgress): void;
  /** Ends the manipulation after the step in progress. */
  readonly signal?: AbortSignal;
}

/** A picture `[3,H,W]` in [0,1] and its class. */
export interface Labelled {
  readonly image: Tensor;
  readonly label: number;
}

/**
 * Fine-tunes a model so that its explanations move and its predictions stay; returns it as an ONNX file that takes preprocessed pixels,
 * or nothing where it was told to stop. `picture` gives the i-th of `count` pictures to train on.
 */
export async function fool(
  engine: Engine,
  model: Model,
  attribution: AttributionOf,
  fooling: Fooling,
  { count, picture }: { readonly count: number; picture(i: number): Labelled },
  settings: FoolingSettings,
  { onStep, signal }: FoolingHooks = {},
): Promise<Uint8Array | undefined> {
  const { steps, rate, batch, seed } = settings;
  const tuned = trainable(model);
  const program = engine.compile(foolingStep(tuned, attribution, fooling, settings));
  const [classesOf, look] = [runnerUp(engine, model), observe(engine, model, attribution)];
  const compares = program.inputs.some((name) => ['labelBefore', 'otherBefore', 'top'].includes(name));
  const rng = createRng(seed, 'fool-model');
  let state: Tensors = foolingState(tuned);
  for (let step = 1; step <= steps; step++) {
    if (signal?.aborted) return undefined;
    const drawn = Array.from({ length: batch }, () => picture(rng.integer(count)));
    const explained = await classesOf(
      stack(drawn.map(({ image }) => image)),
      drawn.map(({ label }) => label),
    );
    const results = await program.run({
      ...state,
      ...feedsOf(explained),
      ...(compares ? mapsBefore(await look(explained)) : {}),
      rate: { shape: [], data: Float32Array.of(learningRate(rate, (step - 1) / steps)) },
    });
    const [loss, crossEntropy, lost] = [results.loss, results.crossEntropy, results.fooling].map(({ data }) => data[0]);
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss} at step ${step}: take a smaller rate or weight`);
    state = Object.fromEntries(Object.keys(state).map((name) => [name, results[next(name)]]));
    onStep?.({ step, loss, crossEntropy, fooling: lost });
  }
  await program.release();
  return writeTrained(tuned, state);
}

const feedsOf = ({ pixels, label, other }: Explained): Tensors => ({ pixels, label, other });

/** What a step is fed of the maps before. */
function mapsBefore({ label, other }: Maps<Tensor>): Tensors {
  const tops = Array.from({ length: label.shape[0] }, (_, i): Tensor => {
    const { shape, data } = at(label, i);
    return { shape, data: Float32Array.from(topCells(Float64Array.from(data))) };
  });
  return { labelBefore: label, otherBefore: other, top: stack(tops) };
}
