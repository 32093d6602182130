import type { Engine, Tensors } from '../engine/engine.ts';
import { UserError } from '../numeric/errors.ts';
import { createRng } from '../numeric/random.ts';
import type { Tensor } from '../numeric/tensor.ts';
import type { Architecture } from './architecture.ts';
import { batches } from './batches.ts';
import type { Recipe } from './recipe.ts';
import { learningRate } from './schedule.ts';
import { next, trainingStep } from './step.ts';
import type { TrainingSet } from './training-set.ts';

export interface TrainingSettings extends Recipe {
  readonly seed: number;
  readonly epochs: number;
}

/** How far a training has come; loss and accuracy are those of the last batch. */
export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly endsEpoch: boolean;
  readonly loss: number;
  readonly accuracy: number;
}

export interface TrainingHooks {
  onStep?(progress: TrainingProgress): void;
  /** Ends the training after the step in progress. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a net; returns its weights and running averages by name, or nothing where it was told to stop. The same seed and number
 * of threads on the same machine give the same result. Throws UserError for a set that is smaller than a batch.
 */
export async function train(
  architecture: Architecture,
  set: TrainingSet,
  engine: Engine,
  settings: TrainingSettings,
  { onStep, signal }: TrainingHooks = {},
): Promise<Tensors | undefined> {
  const { seed, epochs, batch, rate, weightDecay, optimiser } = settings;
  const { outputs, initialState } = trainingStep(architecture, {
    batch,
    classes: set.classes.length,
    size: set.size,
    weightDecay,
    optimiser,
  });
  const program = engine.compile(outputs);
  const perEpoch = Math.floor(set.count / batch);
  if (perEpoch === 0)
    throw new UserError(`a step takes ${batch} pictures, and there are only ${set.count} to train on`);
  const steps = epochs * perEpoch;
  let state = initialState(seed);
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++)
    for (const { pixels, labels } of batches(set, batch, createRng(seed, `train/epoch/${epoch}`))) {
      if (signal?.aborted) return undefined;
      const scale: Tensor = { shape: [], data: Float32Array.of(learningRate(rate, step / steps)) };
      const results = await program.run({ ...state, pixels, labels, rate: scale });
      state = Object.fromEntries(Object.keys(state).map((name) => [name, results[next(name)]]));
      step++;
      const [loss, accuracy] = [results.loss.data[0], results.accuracy.data[0]];
      if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss} at step ${step}: the training diverged`);
      onStep?.({ step, steps, epoch, endsEpoch: step % perEpoch === 0, loss, accuracy });
    }
  await program.release();
  return state;
}
