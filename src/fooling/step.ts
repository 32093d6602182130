import { crossEntropy } from '../../attacks/losses.ts';
import type { AttributionOf } from '../explainers/index.ts';
import { add, grad, input, mul, reduceSum, type Node } from '../graph/index.ts';
import { adam } from '../train/adam.ts';
import { next } from '../train/step.ts';
import { cellMap, gridOf } from './cells.ts';
import type { Fooling } from './losses.ts';
import type { Trainable } from './trainable.ts';

export interface FoolingStepSettings {
  /** Pictures in a step. */
  readonly batch: number;
  /** λ: how much the maps count beside the cross-entropy. */
  readonly weight: number;
}

/**
 * One step of Adam on `mean(cross-entropy + λ fooling)` in the weights, as graph (Heo et al., arXiv:1902.02041, eq. 1): state goes in under
 * its names and comes out after `next:`. Also gives the batch's means `loss`, `crossEntropy` and `fooling`, all `[]`.
 */
export function foolingStep(
  { model, parameters }: Trainable,
  attribution: AttributionOf,
  fooling: Fooling,
  { batch, weight }: FoolingStepSettings,
): Readonly<Record<string, Node>> {
  const size = gridOf(model.size);
  const [label, other] = ['label', 'other'].map((name) => input(name, ['N', model.classes]));
  const [labelBefore, otherBefore, top] = ['labelBefore', 'otherBefore', 'top'].map((name) =>
    input(name, ['N', 1, ...size]),
  );
  const mapOf = (target: Node) => cellMap(attribution(model, target), model.size);
  const after = { label: mapOf(label), other: mapOf(other) };
  const before = { label: labelBefore, other: otherBefore, top };

  const meanOf = (values: Node) => mul(reduceSum(values, [0]), 1 / batch);
  const parts = {
    crossEntropy: meanOf(crossEntropy(model.logits, label)),
    fooling: meanOf(fooling.loss(after, before)),
  };
  const loss = add(parts.crossEntropy, mul(parts.fooling, weight));
  const [rate, clock] = ['rate', 'time'].map((name) => input(name, []));
  const time = add(clock, 1);
  const outputs: Record<string, Node> = { loss, ...parts, [next('time')]: time };
  const gradients = grad(loss, [...parameters.values()]);
  [...parameters].forEach(([name, node], i) => {
    const memory = adam.memory.map((part) => `${name}.${part}`);
    const kept = memory.map((part) => input(part, node.shape));
    const step = adam.step(node, kept, gradients[i], rate, 0, time);
    outputs[next(name)] = step.parameter;
    memory.forEach((part, k) => (outputs[next(part)] = step.memory[k]));
  });
  return outputs;
}

/** The state before the first step. */
export function foolingState({ initial }: Trainable): Record<string, { shape: readonly number[]; data: Float32Array }> {
  const zeros = Object.entries(initial).flatMap(([name, { shape, data }]) =>
    adam.memory.map((part) => [`${name}.${part}`, { shape, data: new Float32Array(data.length) }] as const),
  );
  return { time: { shape: [], data: Float32Array.of(0) }, ...initial, ...Object.fromEntries(zeros) };
}
