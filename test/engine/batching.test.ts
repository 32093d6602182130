import { expect, test } from 'vitest';
import { batchRunner, microBatchOf } from '../../src/engine/batching.ts';
import type { Tensors } from '../../src/engine/engine.ts';
import * as g from '../../src/graph/index.ts';
import { tensor } from '../../src/numeric/tensor.ts';

const x = g.input('x', ['N', 2]);
const doubled = g.mul(x, 2);
const inputs = [{ name: 'x', shape: ['N', 2] as const, dtype: 'float32' as const }];
const feeds = (n: number): Tensors => ({
  x: tensor(
    [n, 2],
    Array.from({ length: 2 * n }, (_, i) => i),
  ),
});

/** Doubles batches up to a size, and has no memory for larger ones. */
function limited(limit: number, message = 'Failed to allocate memory for requested buffer of size 123') {
  const sizes: number[] = [];
  const run = ({ x: { shape, data } }: Tensors): Promise<Tensors> => {
    sizes.push(shape[0]);
    if (shape[0] > limit) return Promise.reject(new Error(message));
    return Promise.resolve({ y: { shape, data: data.map((v) => 2 * v) } });
  };
  return { sizes, run };
}

test('halves a micro-batch that memory does not allow, and keeps to the smaller one', async () => {
  const { sizes, run } = limited(5);
  const runBatch = batchRunner(inputs, [doubled], run);
  expect(microBatchOf([doubled])).toBe(64);
  const { y } = await runBatch(feeds(23), 23);
  expect(y).toEqual({ shape: [23, 2], data: feeds(23).x.data.map((v) => 2 * v) });
  expect(sizes).toEqual([23, 12, 6, 3, 3, 3, 3, 3, 3, 3, 2]);
  sizes.length = 0;
  await runBatch(feeds(6), 6);
  expect(sizes).toEqual([3, 3]);
});

test('passes on what is not for want of memory, or does not fit one by one', async () => {
  await expect(batchRunner(inputs, [doubled], limited(5, 'bad shape').run)(feeds(9), 9)).rejects.toThrow('bad shape');
  const none = limited(0, 'std::bad_alloc');
  await expect(batchRunner(inputs, [doubled], none.run)(feeds(4), 4)).rejects.toThrow('std::bad_alloc');
  expect(none.sizes).toEqual([4, 2, 1]);
});

test('does not cut a batch that must stay whole', async () => {
  const { sizes, run } = limited(5);
  const total = g.reduceSum(doubled, [0]);
  await expect(batchRunner(inputs, [total], run)(feeds(9), 9)).rejects.toThrow(/allocate/);
  expect(sizes).toEqual([9]);
});
