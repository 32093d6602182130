import { between, inputsOf, type Node } from '../graph/index.ts';
import { sizeOf, type Tensor } from '../numeric/tensor.ts';
import type { Tensors } from './engine.ts';
import type { InputType } from './feeds.ts';
import { joined, type Device, type Part } from './kept.ts';

/**
 * Bounds on the largest activation of one micro-batch, in values: on a processor, what still fits into its cache; on a graphics card,
 * which wants much work at a time, 64 MiB. WebGPU promises 128 MiB for a buffer that a shader sees, and channels that are filled up to a
 * multiple of 4 take up to 1.6 times as much.
 */
export const largestValues = { processor: 2 ** 19, graphics: 2 ** 24 } as const;

/**
 * How many samples a program runs at a time: 1 for large pictures, more for small ones, whose operators are too short to be worth
 * their overhead. Undefined where the batch must stay whole, because an output has no batch axis.
 *
 * The rule looks at sizes only, never at the clock, so that results are the same in every run. `values` bounds the largest activation.
 */
export function microBatchOf(outputs: readonly Node[], values: number = largestValues.processor): number | undefined {
  if (outputs.some((o) => o.shape[0] !== 'N')) return undefined;
  const inputs = inputsOf(outputs);
  if (!inputs.some((n) => n.shape[0] === 'N')) return undefined;
  const reached = between(inputs, outputs);
  const largest = Math.max(...[...reached].map((n) => sizeOf(n.shape.map((d) => (typeof d === 'number' ? d : 1)))));
  return Math.min(Math.max(Math.floor(values / largest), 1), 64);
}

/** What a run is fed: a tensor of the host, or the parts of a kept value. */
export type Fed<D> = Tensor | readonly Part<D>[];
type FedPart<D> = Tensor | Part<D>;

/** What a run leaves, on the host and on the device. */
export interface Ran<S> {
  readonly results: Tensors;
  readonly state: Readonly<Record<string, S>>;
}

/** Runs one micro-batch. */
export type RunPart<D> = (feeds: Readonly<Record<string, FedPart<D>>>) => Promise<Ran<Part<D>>>;

const isKept = <D>(fed: Fed<D>): fed is readonly Part<D>[] => Array.isArray(fed);

/** Micro-batches of `size`, and what is left. */
const cut = (batch: number, size: number): number[] =>
  batch <= size ? [batch] : Array.from({ length: Math.ceil(batch / size) }, (_, i) => Math.min(size, batch - i * size));

const slice = (t: Tensor, start: number, samples: number): Tensor => {
  const size = sizeOf(t.shape.slice(1));
  return { shape: [samples, ...t.shape.slice(1)], data: t.data.subarray(start * size, (start + samples) * size) };
};

/** What engines say when memory does not suffice. */
const lacksMemory =
  /bad_alloc|out of memory|(failed|cannot|unable) to allocate|allocation failed|exceeds the max buffer size|exceeding maxStorageBuffer/i;

/** What cuts and runs batches of a program. */
export interface BatchRunner<D> {
  /** The parts in which a value of a batch is to be kept; what is not an input with a batch axis stays whole. */
  cut(name: string, value: Tensor, batch: number): readonly Tensor[];
  run(feeds: Readonly<Record<string, Fed<D>>>, batch: number): Promise<Ran<readonly Part<D>[]>>;
}

/**
 * Runs batches of a program in the micro-batches of `microBatchOf`, or in those in which the kept feeds lie. Where memory does not suffice for
 * one, it is halved, and stays so; the error is passed on where a single sample does not fit or the batch must stay whole.
 */
export function batchRunner<D>(
  inputs: readonly InputType[],
  outputs: readonly Node[],
  device: Pick<Device<D>, 'read' | 'free'>,
  runPart: RunPart<D>,
  values?: number,
): BatchRunner<D> {
  let micro = microBatchOf(outputs, values);
  const hasBatch = ({ shape }: InputType) => shape[0] === 'N';

  /** Kept feeds that do not lie as they are wanted come to the host. */
  async function arrange(feeds: Readonly<Record<string, Fed<D>>>, batch: number, size: number) {
    const lying = inputs.filter(hasBatch).flatMap(({ name }) => {
      const fed = feeds[name];
      return isKept(fed) ? [fed.map(({ shape }) => shape[0])] : [];
    });
    // A batch that must stay whole may lie in one part only.
    const mayBe = (n: number) => (micro === undefined ? n === batch : n <= size);
    const fits = lying.every((sizes) => sizes.join() === lying[0].join() && sizes.every(mayBe));
    const arranged = await Promise.all(
      inputs.map(async (input): Promise<[string, Fed<D>]> => {
        const fed = feeds[input.name];
        const stays = !isKept(fed) || (hasBatch(input) ? fits : fed.length === 1);
        return [input.name, stays ? fed : joined(await Promise.all(fed.map((part) => device.read(part))))];
      }),
    );
    return { feeds: Object.fromEntries(arranged), sizes: fits && lying.length > 0 ? lying[0] : cut(batch, size) };
  }

  async function runParts(feeds: Readonly<Record<string, Fed<D>>>, sizes: readonly number[], batch: number) {
    const results: Record<string, Tensor> = {};
    const state: Record<string, Part<D>[]> = {};
    const fedPart = (input: InputType, i: number, start: number): FedPart<D> => {
      const fed = feeds[input.name];
      if (isKept(fed)) return hasBatch(input) ? fed[i] : fed[0];
      return hasBatch(input) && sizes.length > 1 ? slice(fed, start, sizes[i]) : fed;
    };
    try {
      let start = 0;
      for (const [i, size] of sizes.entries()) {
        const ran = await runPart(Object.fromEntries(inputs.map((input) => [input.name, fedPart(input, i, start)])));
        for (const [name, part] of Object.entries(ran.state)) (state[name] ??= []).push(part);
        if (sizes.length === 1) return { results: ran.results, state };
        for (const [name, value] of Object.entries(ran.results)) {
          const rest = value.shape.slice(1);
          results[name] ??= { shape: [batch, ...rest], data: new Float32Array(batch * sizeOf(rest)) };
          results[name].data.set(value.data, start * sizeOf(rest));
        }
        start += size;
      }
      return { results, state };
    } catch (error) {
      for (const { value } of Object.values(state).flat()) device.free(value);
      throw error;
    }
  }

  return {
    cut(name, value, batch) {
      const sizes = cut(batch, micro ?? batch);
      if (sizes.length === 1 || !inputs.some((input) => input.name === name && hasBatch(input))) return [value];
      let start = 0;
      return sizes.map((size) => slice(value, (start += size) - size, size));
    },
    async run(feeds, batch) {
      for (;;) {
        const arranged = await arrange(feeds, batch, micro ?? batch);
        try {
          return await runParts(arranged.feeds, arranged.sizes, batch);
        } catch (error) {
          const size = Math.min(batch, micro ?? 1);
          if (size === 1 || !lacksMemory.test((error as Error).message)) throw error;
          micro = Math.ceil(size / 2);
        }
      }
    },
  };
}
