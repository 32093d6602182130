import { expect } from 'vitest';
import { evaluate, value, type Value } from '../../src/engine/reference.ts';
import { add, constant, grad, input, mul, reduceSum, type Node } from '../../src/graph/index.ts';
import { createRng, type Rng } from '../../src/numeric/random.ts';
import { smooth } from './draw.ts';

/** An op applied to operands, each of which it can be differentiated in. */
export interface Instance {
  readonly operands: readonly Value[];
  readonly output: (operands: Node[]) => Node;
}

const step = 1e-5;

/** The inner product of nodes with constants. */
const inner = (nodes: readonly Node[], factors: readonly Value[]): Node =>
  nodes.map((n, i) => reduceSum(mul(n, constant(factors[i].data, factors[i].shape)))).reduce(add);

const random = (shapes: readonly (readonly number[])[], rng: Rng): Value[] => shapes.map((s) => smooth(s, rng));

/**
 * Compares the gradient of a scalar with central differences, along random directions in one operand at a time. The tolerance is
 * relative to the sum of the absolute values that make up the directional derivative, and to the scalar's own terms.
 */
function checkGradient(
  scalar: Node,
  inputs: readonly Node[],
  at: readonly Value[],
  tolerance: number,
  magnitude: number,
  rng: Rng,
) {
  const feeds = (values: readonly Value[]) => new Map(inputs.map((n, i) => [n, values[i]]));
  const gradients = evaluate(grad(scalar, inputs), feeds(at));
  at.forEach((operand, i) => {
    const [direction] = random([operand.shape], rng);
    const moved = (h: number) =>
      at.with(
        i,
        value(
          operand.shape,
          operand.data.map((v, j) => v + h * direction.data[j]),
        ),
      );
    const along = (h: number) => evaluate([scalar], feeds(moved(h)))[0].data[0];
    const difference = (along(step) - along(-step)) / (2 * step);
    const terms = gradients[i].data.map((g, j) => g * direction.data[j]);
    const expected = terms.reduce((s, t) => s + t, 0);
    const scale = terms.reduce((s, t) => s + Math.abs(t), 0) + magnitude;
    expect(
      Math.abs(difference - expected),
      `operand ${i}: ${difference} by differences, ${expected} by grad`,
    ).toBeLessThanOrEqual(tolerance * scale);
  });
}

/** Checks the first and the second derivative of an instance in every operand (and pair of operands) against central differences. */
export function checkDerivatives({ operands, output }: Instance, seed = 0): void {
  const rng = createRng(seed, 'check');
  const inputs = operands.map((v, i) => input(`x${i}`, v.shape));
  const y = output(inputs);
  const feeds = new Map(inputs.map((n, i) => [n, operands[i]]));
  const [result] = evaluate([y], feeds);
  const [cotangent] = random([result.shape], rng);
  const first = inner([y], [cotangent]);
  checkGradient(first, inputs, operands, 1e-6, magnitudeOf([result]), rng);

  const gradients = grad(first, inputs);
  const second = inner(
    gradients,
    random(
      operands.map((v) => v.shape),
      rng,
    ),
  );
  checkGradient(second, inputs, operands, 1e-5, magnitudeOf(evaluate(gradients, feeds)), rng);
}

// Differences carry the rounding of the values they are taken of, divided by the step.
const magnitudeOf = (values: readonly Value[]): number =>
  1e-3 * values.reduce((s, { data }) => s + data.reduce((t, v) => t + Math.abs(v), 0), 0);
