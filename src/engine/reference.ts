/** The reference engine: a slow, readable float64 interpreter that the fast engines and the derivatives are checked against. */
import {
  batchFactor,
  formatShape,
  sameShape,
  resolveShape,
  topological,
  type Node,
  type NodeOf,
} from '../graph/index.ts';
import { UserError } from '../numeric/errors.ts';
import type { Engine, Program, Tensors } from './engine.ts';
import { evaluate } from './reference/evaluate.ts';

export { evaluate, type Feeds } from './reference/evaluate.ts';
export { value, type Value } from './reference/value.ts';

/** Makes the float64 interpreter behind the interface of all engines; feeds and results are float32. */
export function createReferenceEngine(): Engine {
  return {
    name: 'reference',
    compile,
    describe: async () => ({ version: process.version, devices: ['cpu'] }),
    release: async () => {},
  };
}

function compile(outputs: Readonly<Record<string, Node>>): Program {
  const names = Object.keys(outputs);
  const inputs = topological(Object.values(outputs)).filter((n): n is NodeOf<'input'> => n.op === 'input');
  return {
    inputs: [...new Set(inputs.map((i) => i.attrs.name))],
    run: async (feeds) => {
      const batch = batchOf(inputs, feeds);
      const wide = new Map(
        inputs.map((i) => {
          const { shape, data } = feeds[i.attrs.name];
          return [i as Node, { shape, data: Float64Array.from(data) }];
        }),
      );
      const results = evaluate(Object.values(outputs), wide, batch);
      return Object.fromEntries(
        results.map(({ shape, data }, i) => [names[i], { shape, data: Float32Array.from(data) }]),
      );
    },
    release: async () => {},
  };
}

/** The batch size that the feeds agree on; 1 where no input has a batch axis. Throws UserError for missing and misshapen feeds. */
function batchOf(inputs: readonly NodeOf<'input'>[], feeds: Tensors): number {
  let batch: number | undefined;
  for (const { attrs, shape } of inputs) {
    const feed = feeds[attrs.name];
    if (!feed) throw new UserError(`the input '${attrs.name}' is not fed`);
    const axis = shape.findIndex((d) => batchFactor(d) > 0);
    if (axis >= 0) batch ??= feed.shape[axis] / batchFactor(shape[axis]);
    if (!sameShape(feed.shape, resolveShape(shape, batch ?? 1)))
      throw new UserError(
        `the input '${attrs.name}' wants ${formatShape(shape)}${batch ? ` with N = ${batch}` : ''}, got ${formatShape(feed.shape)}`,
      );
  }
  return batch ?? 1;
}
