import type { Node } from '../graph/index.ts';
import { batchRunner, type Fed, type RunPart } from './batching.ts';
import type { Engine, Feeds, Outputs, Program, State, Stepper } from './engine.ts';
import { checkFeeds, type InputType } from './feeds.ts';
import { createShelf, type Device } from './kept.ts';

/** A graph made ready for an engine: what it wants, and how one micro-batch runs. */
export interface Prepared<D> {
  readonly inputs: readonly InputType[];
  /** What is computed, for its sizes. */
  readonly outputs: readonly Node[];
  runPart: RunPart<D>;
  release(): Promise<void>;
}

/** Gives an engine its programs: feeds are checked, batches cut, and what is kept is known again. `values` is that of `microBatchOf`. */
export function createPrograms<D>(
  device: Device<D>,
  prepare: (results: Outputs, state: Outputs) => Prepared<D>,
  values?: number,
): Pick<Engine, 'compile' | 'compileStep'> {
  const shelf = createShelf(device);

  function compileStep(results: Outputs, state: Outputs): Stepper {
    const { inputs, outputs, runPart, release } = prepare(results, state);
    const runner = batchRunner(inputs, outputs, device, runPart, values);
    const taken = (feeds: Feeds) =>
      Object.fromEntries(
        inputs.map(({ name }): [string, Fed<D>] => [
          name,
          'data' in feeds[name] ? feeds[name] : shelf.take(feeds[name]),
        ]),
      );
    return {
      inputs: inputs.map(({ name }) => name),
      async hold(tensors) {
        const wanted = inputs.filter(({ name }) => name in tensors);
        const held: Record<string, State[string]> = {};
        const batch = checkFeeds(wanted, tensors);
        for (const [name, tensor] of Object.entries(tensors)) {
          const parts = runner.cut(name, tensor, batch);
          const uploaded = parts.map(async (part) => ({ shape: part.shape, value: await device.upload(part) }));
          held[name] = shelf.put(await Promise.all(uploaded));
        }
        return held;
      },
      async run(feeds) {
        const batch = checkFeeds(inputs, feeds);
        const ran = await runner.run(taken(feeds), batch);
        const kept = Object.entries(ran.state).map(([name, parts]) => [name, shelf.put(parts)] as const);
        return { results: ran.results, state: Object.fromEntries(kept) };
      },
      release,
    };
  }

  return {
    compileStep,
    compile(outputs): Program {
      const { inputs, run, release } = compileStep(outputs, {});
      return { inputs, run: async (feeds) => (await run(feeds)).results, release };
    },
  };
}
