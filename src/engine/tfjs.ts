import { LRUCache } from 'lru-cache';
import { inputsOf, simplify, topological, type ConstantData, type Node, type NodeOf } from '../graph/index.ts';
import { tensor, type Tensor } from '../numeric/tensor.ts';
import { batchRunner } from './batching.ts';
import type { Engine, Program, Tensors } from './engine.ts';
import { checkFeeds } from './feeds.ts';
import { loadBackend, throwRefusals, use, type TfjsDevice } from './tfjs/backend.ts';
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

  function compile(outputs: Readonly<Record<string, Node>>): Program {
    const names = Object.keys(outputs);
    const nodes = simplify(Object.values(outputs));
    const inputs = inputsOf(nodes);
    const types = inputs.map((n) => n.attrs);
    const key = Symbol(names.join());
    const bodies = new Map<Node, Schedule>();
    const scheduleFor = (output: Node): Schedule => {
      const known = bodies.get(output) ?? scheduleOf([output]);
      bodies.set(output, known);
      return known;
    };
    const data = constantsOf(nodes);
    const schedule = scheduleOf(nodes);

    function fed(node: NodeOf<'input'>, { shape, data: values }: Tensor): Value {
      const number = tf.tensor(values, [...shape], 'float32');
      if (node.dtype === 'float32') return hold(tf, shape, { plain: number });
      const value = hold(tf, shape, { plain: tf.cast(number, kindOf(node.dtype)) });
      number.dispose();
      return value;
    }

    async function runOnce(feeds: Tensors, batch: number): Promise<Tensors> {
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
      const setting = { tf, constants, batch, scheduleFor };
      let results: readonly Value[] = [];
      try {
        results = evaluate(schedule, new Map(inputs.map((node, i) => [node as Node, values[i]])), setting);
        const found = Object.fromEntries(
          await Promise.all(
            results.map(async ({ shape, plain }, i): Promise<[string, Tensor]> => [
              names[i],
              // A copy: a backend may give its own memory away.
              tensor(shape, Float32Array.from(await plain().data())),
            ]),
          ),
        );
        throwRefusals();
        return found;
      } finally {
        for (const value of [...results, ...values]) value.dispose();
      }
    }

    const runBatch = batchRunner(types, nodes, (part) => runOnce(part, checkFeeds(types, part)));
    return {
      inputs: types.map((i) => i.name),
      async run(feeds) {
        return runBatch(feeds, checkFeeds(types, feeds));
      },
      async release() {
        held.delete(key);
      },
    };
  }

  return {
    name: 'tfjs',
    device,
    compile,
    describe: async () => ({ version: tf.version_core }),
    async release() {
      held.clear();
    },
  };
}
