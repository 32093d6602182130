import {
  add,
  cast,
  grad,
  greaterEqual,
  input,
  logSoftmax,
  mul,
  neg,
  reduceMax,
  reduceMean,
  reduceSum,
  type Node,
} from '../graph/index.ts';
import type { Tensors } from '../engine/engine.ts';
import { createRng } from '../numeric/random.ts';
import { tensor, type Tensor } from '../numeric/tensor.ts';
import type { Architecture } from './architecture.ts';
import type { Optimiser } from './optimiser.ts';
import { trainingLayers } from './training-layers.ts';

/** How slowly the running averages of batch normalisation follow the batches. */
const averaging = 0.95;

/** What a training step works on. */
export interface StepSettings {
  /** Number of pictures in a step. */
  readonly batch: number;
  readonly classes: number;
  /** Height and width of the pictures. */
  readonly size: number;
  readonly weightDecay: number;
  readonly optimiser: Optimiser;
}

/** A training step as one graph: state goes in under its names and comes out under the same names after `next:`. */
export interface TrainingStep {
  /** The new state, and the batch's `loss` and `accuracy`, both `[]`. */
  readonly outputs: Readonly<Record<string, Node>>;
  /** The state before the first step. */
  initialState(seed: number): Tensors;
}

/** The name under which a step returns the new value of a part of its state. */
export const next = (name: string): string => `next:${name}`;

/** The count of steps that is part of the state, `[]`. */
const clock = 'time';

/**
 * Builds the step: the mean cross-entropy of `pixels` `[batch,3,size,size]` against one-hot `labels` `[batch,classes]`, its gradient
 * in every parameter, and a step of the optimiser with the learning rate `rate` `[]`.
 */
export function trainingStep(architecture: Architecture, settings: StepSettings): TrainingStep {
  const { batch, classes, size, weightDecay, optimiser } = settings;
  const pixels = input('pixels', [batch, 3, size, size]);
  const labels = input('labels', [batch, classes]);
  const rate = input('rate', []);
  const layers = trainingLayers();
  const logits = architecture.logits(pixels, layers, classes);
  const loss = neg(reduceMean(reduceSum(mul(labels, logSoftmax(logits)), [1])));
  const right = cast(greaterEqual(reduceSum(mul(labels, logits), [1]), reduceMax(logits, [1])), 'float32');

  const time = add(input(clock, []), 1);
  const outputs: Record<string, Node> = { loss, accuracy: reduceMean(right), [next(clock)]: time };
  const { parameters, statistics } = layers;
  const gradients = grad(
    loss,
    parameters.map((p) => p.node),
  );
  parameters.forEach(({ name, node, decays }, i) => {
    const memory = optimiser.memory.map((part) => `${name}.${part}`);
    const kept = memory.map((part) => input(part, node.shape));
    const step = optimiser.step(node, kept, gradients[i], rate, decays ? weightDecay : 0, time);
    outputs[next(name)] = step.parameter;
    memory.forEach((part, k) => (outputs[next(part)] = step.memory[k]));
  });
  for (const { name, node, batch: value } of statistics)
    outputs[next(name)] = add(mul(node, averaging), mul(value, 1 - averaging));

  return {
    outputs,
    initialState(seed) {
      const state: Record<string, Tensor> = { [clock]: tensor([]) };
      for (const { name, initial } of parameters) {
        state[name] = initial(createRng(seed, `train/initial/${name}`));
        for (const part of optimiser.memory) state[`${name}.${part}`] = tensor(state[name].shape);
      }
      for (const { name, node, initial } of statistics) {
        const { shape, data } = tensor(node.shape as readonly number[]);
        state[name] = { shape, data: data.fill(initial) };
      }
      return state;
    },
  };
}
