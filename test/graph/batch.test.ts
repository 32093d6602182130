import { describe, expect, it } from 'vitest';
import { evaluate, value, type Value } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { smooth } from './draw.ts';
import { expectClose } from './fixture.ts';

const rng = createRng(0, 'batch');
const weight = (...shape: number[]): g.Node => g.constant(smooth(shape, rng).data, shape);

const x = g.input('x', ['N', 2, 6, 6]);
const target = g.input('target', ['N', 4]);

/** Convolutions, pools, attention over positions with two heads (`2N` of them), and a classifier. */
function logits(): g.Node {
  const z = g.conv(x, weight(4, 2, 3, 3), weight(4), { pads: [1, 1, 1, 1] });
  const h = g.maxPool(g.gelu(z), { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil: false });
  const a = g.avgPool(h, { kernel: [2, 2], strides: [1, 1], pads: [0, 0, 0, 0], ceil: false, countPadding: true });
  const heads = g.transpose(g.reshape(a, ['2N', 2, 4]), [0, 2, 1]);
  const mixed = g.matmul(g.softmax(g.matmul(heads, g.transpose(heads, [0, 2, 1]))), heads);
  return g.dense(g.reshape(mixed, ['N', 16]), weight(16, 4), weight(4));
}

const y = logits();
const score = g.reduceSum(g.mul(g.logSoftmax(y), target), [1]);
const [gradient] = g.grad(score, [x]);
const smoothed = g.sumOver([weight(3, 2, 6, 6)], [x], ([noise], [s]) => {
  const [moved] = g.substitute([score], new Map([[x, g.add(s, noise)]]));
  return g.grad(moved, [s])[0];
});
const [second] = g.grad(g.reduceSum(g.mul(gradient, smoothed), [1, 2, 3]), [x]);

const outputs = { logits: y, score, gradient, 'summed over noise': smoothed, 'second derivative': second };

describe('a graph at batch size 3 equals itself at batch size 1, three times', () => {
  const feeds = { x: smooth([3, 2, 6, 6], rng), target: smooth([3, 4], rng) };
  const sample = ({ shape, data }: Value, i: number): Value => {
    const size = data.length / 3;
    return value([1, ...shape.slice(1)], data.slice(i * size, (i + 1) * size));
  };
  it.each(Object.entries(outputs))('%s', (_, output) => {
    expect(output.shape[0]).toBe('N');
    const [all] = evaluate([output], feeds, 3);
    for (let i = 0; i < 3; i++) {
      const [one] = evaluate([output], { x: sample(feeds.x, i), target: sample(feeds.target, i) }, 1);
      expectClose(sample(all, i), one, 1e-13);
    }
  });
});
