import { between, inputsOf, type Node } from '../graph/index.ts';
import { sizeOf, type Tensor } from '../numeric/tensor.ts';
import type { Tensors } from './engine.ts';
import type { InputType } from './feeds.ts';

/** Activations of one micro-batch that still fit into a processor's cache, in values. */
const cacheValues = 2 ** 19;

/**
 * How many samples a program runs at a time: 1 for large pictures, more for small ones, whose operators are too short to be worth
 * their overhead. Undefined where the batch must stay whole, because an output has no batch axis.
 *
 * The rule looks at sizes only, never at the clock, so that results are the same in every run. `values` bounds the largest activation.
 */
export function microBatchOf(outputs: readonly Node[], values = cacheValues): number | undefined {
  if (outputs.some((o) => o.shape[0] !== 'N')) return undefined;
  const inputs = inputsOf(outputs);
  if (!inputs.some((n) => n.shape[0] === 'N')) return undefined;
  const reached = between(inputs, outputs);
  const largest = Math.max(...[...reached].map((n) => sizeOf(n.shape.map((d) => (typeof d === 'number' ? d : 1)))));
  return Math.min(Math.max(Math.floor(values / largest), 1), 64);
}

const part = (t: Tensor, start: number, end: number): Tensor => {
  const size = sizeOf(t.shape.slice(1));
  return { shape: [end - start, ...t.shape.slice(1)], data: t.data.subarray(start * size, end * size) };
};

/** Runs a batch part by part and puts the results together. Inputs without a batch axis go to every part. */
async function runInParts(
  inputs: readonly InputType[],
  feeds: Tensors,
  batch: number,
  size: number,
  run: (feeds: Tensors) => Promise<Tensors>,
): Promise<Tensors> {
  const results: Record<string, Tensor> = {};
  for (let start = 0; start < batch; start += size) {
    const end = Math.min(start + size, batch);
    const fed = Object.fromEntries(
      inputs.map(({ name, shape }) => [name, shape[0] === 'N' ? part(feeds[name], start, end) : feeds[name]]),
    );
    for (const [name, value] of Object.entries(await run(fed))) {
      const rest = value.shape.slice(1);
      results[name] ??= { shape: [batch, ...rest], data: new Float32Array(batch * sizeOf(rest)) };
      results[name].data.set(value.data, start * sizeOf(rest));
    }
  }
  return results;
}

/** What engines say when memory does not suffice. */
const lacksMemory = /bad_alloc|out of memory|(failed|cannot|unable) to allocate|allocation failed/i;

/**
 * Runs batches of a program in the micro-batches of `microBatchOf`. Where memory does not suffice for one, it is halved, and stays so; the error is
 * passed on where a single sample does not fit or the batch must stay whole.
 */
export function batchRunner(
  inputs: readonly InputType[],
  outputs: readonly Node[],
  run: (feeds: Tensors) => Promise<Tensors>,
  values?: number,
): (feeds: Tensors, batch: number) => Promise<Tensors> {
  let micro = microBatchOf(outputs, values);
  return async (feeds, batch) => {
    for (;;) {
      try {
        return micro === undefined || batch <= micro
          ? await run(feeds)
          : await runInParts(inputs, feeds, batch, micro, run);
      } catch (error) {
        const size = Math.min(batch, micro ?? 1);
        if (size === 1 || !lacksMemory.test((error as Error).message)) throw error;
        micro = Math.ceil(size / 2);
      }
    }
  };
}
