import { expect, test } from 'vitest';
import { evaluate, value } from '../../src/engine/reference.ts';
import { input } from '../../src/graph/index.ts';
import { momentum } from '../../src/train/momentum.ts';

test('momentum looks ahead, and decay pulls to zero', () => {
  const [p, v, g, rate] = ['p', 'v', 'g', 'rate'].map((name) => input(name, []));
  const step = momentum.step(p, [v], g, rate, 0.1, input('time', []));
  const feeds = { p: value([], [2]), v: value([], [0.5]), g: value([], [1]), rate: value([], [0.01]) };
  const [moved, velocity] = evaluate([step.parameter, step.memory[0]], feeds).map(({ data }) => data[0]);
  // The slope is 1 + 0.1 * 2, the velocity 0.9 * 0.5 + 1.2, the step 0.01 * (1.2 + 0.9 * 1.65).
  expect(velocity).toBeCloseTo(1.65, 12);
  expect(moved).toBeCloseTo(2 - 0.02685, 12);
});
