import { expect, test } from 'vitest';
import { evaluate, value } from '../../src/engine/reference.ts';
import { input } from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { batchNorm } from '../../src/train/batch-norm.ts';

test('batch normalisation gives each channel its mean beta and its deviation gamma', () => {
  const rng = createRng(0);
  const x = value(
    [3, 2, 4, 5],
    Array.from({ length: 120 }, (_, i) => 7 * rng.normal() + (i % 40 < 20 ? 3 : -1)),
  );
  const { y, mean, variance } = batchNorm(input('x', x.shape), input('gamma', [2]), input('beta', [2]));
  const feeds = { x, gamma: value([2], [2, 0.5]), beta: value([2], [-1, 4]) };
  const [result, m, v] = evaluate([y, mean, variance], feeds);
  [0, 1].forEach((c) => {
    const of = (data: Float64Array) => data.filter((_, i) => Math.floor(i / 20) % 2 === c);
    const average = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const spread = (values: Float64Array) => average(values.map((u) => (u - average(values)) ** 2));
    expect(m.data[c]).toBeCloseTo(average(of(x.data)), 10);
    expect(v.data[c]).toBeCloseTo(spread(of(x.data)), 8);
    expect(average(of(result.data))).toBeCloseTo(feeds.beta.data[c], 10);
    expect(Math.sqrt(spread(of(result.data)))).toBeCloseTo(feeds.gamma.data[c], 5);
  });
});
