import { describe, expect, it, test } from 'vitest';
import { batchRunner, microBatchOf, type RunPart } from '../../src/engine/batching.ts';
import type { Tensors } from '../../src/engine/engine.ts';
import * as g from '../../src/graph/index.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';

const x = g.input('x', ['N', 2]);
const doubled = g.mul(x, 2);
const inputs = ['x', 'y'].map((name) => ({ name, shape: ['N', 2] as const, dtype: 'float32' as const }));
const counted = (n: number): Tensor =>
  tensor(
    [n, 2],
    Array.from({ length: 2 * n }, (_, i) => i),
  );
const feeds = (n: number): Tensors => ({ x: counted(n) });

/** Doubles batches up to a size, and has no memory for larger ones. What it keeps is the sum of both inputs. */
function limited(limit: number, message = 'Failed to allocate memory for requested buffer of size 123') {
  const sizes: number[] = [];
  const freed: Tensor[] = [];
  const read: number[] = [];
  const run: RunPart<Tensor> = ({ x, y }) => {
    sizes.push(x.shape[0]);
    if (x.shape[0] > limit) return Promise.reject(new Error(message));
    const [fed, other] = [x, y ?? x].map((t) => ('value' in t ? t.value : t));
    const sum = { shape: fed.shape, data: fed.data.map((v, i) => v + other.data[i]) };
    return Promise.resolve({ results: { z: sum }, state: { sum: { shape: sum.shape, value: sum } } });
  };
  const device = {
    read: ({ value }: { value: Tensor }) => (read.push(value.shape[0]), Promise.resolve(value)),
    free: (value: Tensor) => freed.push(value),
  };
  const runner = (output = doubled, names = ['x']) =>
    batchRunner(
      inputs.filter(({ name }) => names.includes(name)),
      [output],
      device,
      run,
    );
  return { sizes, freed, read, runner };
}

test('halves a micro-batch that memory does not allow, and keeps to the smaller one', async () => {
  const { sizes, runner } = limited(5);
  const { run } = runner();
  expect(microBatchOf([doubled])).toBe(64);
  const { results, state } = await run(feeds(23), 23);
  expect(results.z).toEqual({ shape: [23, 2], data: feeds(23).x.data.map((v) => 2 * v) });
  expect(state.sum.map(({ shape }) => shape[0])).toEqual([3, 3, 3, 3, 3, 3, 3, 2]);
  expect(sizes).toEqual([23, 12, 6, 3, 3, 3, 3, 3, 3, 3, 2]);
  sizes.length = 0;
  await run(feeds(6), 6);
  expect(sizes).toEqual([3, 3]);
});

test('passes on what is not for want of memory, or does not fit one by one', async () => {
  await expect(limited(5, 'bad shape').runner().run(feeds(9), 9)).rejects.toThrow('bad shape');
  const none = limited(0, 'std::bad_alloc');
  await expect(none.runner().run(feeds(4), 4)).rejects.toThrow('std::bad_alloc');
  expect(none.sizes).toEqual([4, 2, 1]);
});

test('does not cut a batch that must stay whole', async () => {
  const { sizes, runner } = limited(5);
  const total = g.reduceSum(doubled, [0]);
  await expect(runner(total).run(feeds(9), 9)).rejects.toThrow(/allocate/);
  expect(sizes).toEqual([9]);
});

describe('kept values', () => {
  const parts = (sizes: readonly number[]) =>
    sizes.map((n) => ({ shape: [n, 2], value: tensor([n, 2], new Float32Array(2 * n).fill(n)) }));
  const sums = (sizes: readonly number[], n: number) =>
    counted(n).data.map((v, i) => v + sizes.flatMap((m) => new Array<number>(2 * m).fill(m))[i]);

  it('are fed in the parts in which they lie, where none is larger than a micro-batch', async () => {
    const { sizes, read, runner } = limited(100);
    const { results } = await runner(doubled, ['x', 'y']).run({ x: counted(9), y: parts([4, 3, 2]) }, 9);
    expect(results.z.data).toEqual(sums([4, 3, 2], 9));
    expect([sizes, read]).toEqual([[4, 3, 2], []]);
  });

  it('come to the host where they lie differently, or memory asks for smaller parts', async () => {
    const two = limited(100);
    const { results } = await two.runner(doubled, ['x', 'y']).run({ x: parts([5, 4]), y: parts([4, 5]) }, 9);
    expect(results.z.data).toEqual(Float32Array.from({ length: 18 }, (_, i) => (i < 10 ? 5 : 4) + (i < 8 ? 4 : 5)));
    expect([two.sizes, two.read]).toEqual([[9], [5, 4, 4, 5]]);
    const small = limited(3);
    const again = await small.runner(doubled, ['x', 'y']).run({ x: counted(5), y: parts([5]) }, 5);
    expect(again.results.z.data).toEqual(sums([5], 5));
    expect(small.sizes).toEqual([5, 3, 2]);
  });

  it('are freed where a later part fails', async () => {
    const { freed, runner } = limited(3, 'bad shape');
    const fed = { x: counted(9), y: parts([3, 2, 4]) };
    await expect(runner(doubled, ['x', 'y']).run(fed, 9)).rejects.toThrow('bad shape');
    expect(freed.map(({ shape }) => shape[0])).toEqual([3, 2]);
    expect(freed.every((t) => !fed.y.some(({ value }) => value === t))).toBe(true);
  });
});
