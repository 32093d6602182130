import { expect, test } from 'vitest';
import { evaluate, value } from '../../src/engine/reference.ts';
import { input } from '../../src/graph/index.ts';
import { adam } from '../../src/train/adam.ts';

test('Adam moves as PyTorch moves, with decoupled weight decay', () => {
  const names = ['p', 'first', 'second', 'g', 'rate', 'time'];
  const [p, first, second, g, rate, time] = names.map((name) => input(name, []));
  const step = adam.step(p, [first, second], g, rate, 0.1, time);
  let [parameter, mean, square] = [2, 0, 0];
  const trail = [0.5, -1, 0.25].map((slope, i) => {
    const values = [parameter, mean, square, slope, 0.01, i + 1];
    const feeds = Object.fromEntries(names.map((name, k) => [name, value([], [values[k]])]));
    [parameter, mean, square] = evaluate([step.parameter, ...step.memory], feeds).map(({ data }) => data[0]);
    return parameter;
  });
  // torch.optim.AdamW([2.0], lr=0.01, weight_decay=0.1) in float64, PyTorch 1.13, gradients 0.5, -1 and 0.25.
  [1.9880000002, 1.9896730354238565, 1.9890502689982739].forEach((v, i) => expect(trail[i]).toBeCloseTo(v, 12));
});
