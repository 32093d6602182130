import { LRUCache } from 'lru-cache';
import { cast, inputsOf, simplify, topological, type ConstantData, type Node, type NodeOf } from '../graph/index.ts';
import type { Tensor } from '../numeric/tensor.ts';
import { largestValues } from './batching.ts';
import { countCopies } from './copies.ts';
import type { Engine, Outputs } from './engine.ts';
import { checkFeeds } from './feeds.ts';
import type { Device, Part } from './kept.ts';
import { createPrograms, type Prepared } from './programs.ts';
import { isGraphics, loadBackend, throwRefusals, use, type TfjsDevice } from './tfjs/backend.ts';
import { createConstants } from './tfjs/constants.ts';
import { kindOf } from './tfjs/elementwise.ts';
import { evaluate, scheduleOf, type Schedule } from './tfjs/evaluate.ts';
import { hold, type Value } from './tfjs/value.ts';

export type { TfjsDevice } from './tfjs/backend.ts';

/** Bound on the bytes of constants of the programs that are kept. */
const cacheBytes = 2 * 2 ** 30;

/** All constants of a graph, those in the bodies of loops included. */
function constantsOf(outputs: readonly Node[]): ConstantData[] {
  const found = topological(outputs).flatMap((node): readonly ConstantData[] => {
    if (node.op === 'constant') return [node.attrs.data];
    return node.op === 'sumOver' ? constantsOf([node.attrs.body]) : [];
  });
  return [...new Set(found)];
}

/**
 * Runs graphs with TensorFlow.js, op by op: `node-gpu` and `node` by TensorFlow's library, `webgpu` on a graphics card, `wasm` and `cpu`
 * anywhere. Throws UserError that says what to install where the backend is not there.
 */
export async function createTfjsEngine(device: TfjsDevice): Promise<Engine> {
  const tf = await loadBackend(device);
  const constants = createConstants(tf);
  const held = new LRUCache<symbol, readonly ConstantData[]>({
    maxSize: cacheBytes,
    dispose: (data) => constants.release(data),
  });

  const copies = countCopies();
  const uploaded = ({ shape, data }: Tensor): Value => {
    copies.toDevice(data);
    return hold(tf, shape, { plain: tf.tensor(data, [...shape], 'float32') });
  };
  const read = async ({ shape, plain }: Value): Promise<Tensor> => {
    // A copy: a backend may give its own memory away.
    const data = Float32Array.from(await plain().data());
    copies.toHost(data);
    return { shape, data };
  };
  const memory: Device<Value> = {
    async upload(value) {
      use(tf, device);
      return uploaded(value);
    },
    async read({ value }) {
      use(tf, device);
      const found = await read(value);
      throwRefusals();
      return found;
    },
    free: (value) => value.dispose(),
  };

  function prepare(results: Outputs, state: Outputs): Prepared<Value> {
    const names = [...Object.keys(results), ...Object.keys(state)];
    // What stays is fed again, and feeds are numbers.
    const numbers = Object.values(state).map((node) => (node.dtype === 'float32' ? node : cast(node, 'float32')));
    const outputs = simplify([...Object.values(results), ...numbers]);
    const inputs = inputsOf(outputs);
    const types = inputs.map((n) => n.attrs);
    const key = Symbol(names.join());
    const bodies = new Map<Node, Schedule>();
    const scheduleFor = (output: Node): Schedule => {
      const known = bodies.get(output) ?? scheduleOf([output]);
      bodies.set(output, known);
      return known;
    };
    const data = constantsOf(outputs);
    const schedule = scheduleOf(outputs);

    /** The value of an input, and what to dispose of after the run. */
    function fed({ dtype }: NodeOf<'input'>, feed: Tensor | Part<Value>): { value: Value; own: readonly Value[] } {
      const number = 'value' in feed ? feed.value : uploaded(feed);
      const own = 'value' in feed ? [] : [number];
      if (dtype === 'float32') return { value: number, own };
      const value = hold(tf, feed.shape, { plain: tf.cast(number.plain(), kindOf(dtype)) });
      return { value, own: [...own, value] };
    }

    async function runPart(feeds: Readonly<Record<string, Tensor | Part<Value>>>) {
      use(tf, device);
      if (!held.get(key)) {
        constants.retain(data);
        // A program larger than the whole bound is kept all the same, until another comes.
        held.set(key, data, {
          size: Math.min(
            data.reduce((n, d) => n + 4 * d.length, 1),
            cacheBytes,
          ),
        });
      }
      const values = inputs.map((node) => fed(node, feeds[node.attrs.name]));
      const setting = { tf, constants, batch: checkFeeds(types, feeds), scheduleFor };
      const mine = values.flatMap(({ own }) => own);
      try {
        const found = evaluate(schedule, new Map(inputs.map((node, i) => [node as Node, values[i].value])), setting);
        mine.push(...found);
        const count = Object.keys(results).length;
        const tensors = await Promise.all(found.slice(0, count).map((value) => read(value)));
        throwRefusals();
        // A copy where the value is an input's or a constant's, or goes by two names; it costs nothing.
        const kept = found
          .slice(count)
          .map((value) => hold(tf, value.shape, value.isLast ? { last: value.last() } : { plain: value.plain() }));
        return {
          results: Object.fromEntries(tensors.map((t, i) => [names[i], t])),
          state: Object.fromEntries(kept.map((value, i) => [names[count + i], { shape: value.shape, value }])),
        };
      } finally {
        for (const value of mine) value.dispose();
      }
    }

    return {
      inputs: types,
      outputs,
      runPart,
      async release() {
        held.delete(key);
      },
    };
  }

  return {
    name: 'tfjs',
    device,
    onProcessor: !isGraphics(device),
    ...createPrograms(memory, prepare, isGraphics(device) ? largestValues.graphics : largestValues.processor),
    copies: copies.now,
    describe: async () => ({ version: tf.version_core }),
    async release() {
      held.clear();
    },
  };
}
