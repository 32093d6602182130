/** The reference engine: a slow, readable float64 interpreter that the fast engines and the derivatives are checked against. */
import { inputsOf, type Node } from '../graph/index.ts';
import { tensor } from '../numeric/tensor.ts';
import type { Engine, Program } from './engine.ts';
import { checkFeeds } from './feeds.ts';
import { evaluate } from './reference/evaluate.ts';
import { value } from './reference/value.ts';

export { evaluate, type Feeds } from './reference/evaluate.ts';
export { value, type Value } from './reference/value.ts';

/** Makes the float64 interpreter behind the interface of all engines; feeds and results are float32. */
export function createReferenceEngine(): Engine {
  return {
    name: 'reference',
    device: 'cpu',
    compile,
    describe: async () => ({ version: process.version }),
    release: async () => {},
  };
}

function compile(outputs: Readonly<Record<string, Node>>): Program {
  const names = Object.keys(outputs);
  const nodes = Object.values(outputs);
  const inputs = inputsOf(nodes).map((n) => n.attrs);
  return {
    inputs: inputs.map((i) => i.name),
    run: async (feeds) => {
      const batch = checkFeeds(inputs, feeds);
      const wide = inputs.map(({ name }) => [name, value(feeds[name].shape, feeds[name].data)] as const);
      const results = evaluate(nodes, Object.fromEntries(wide), batch);
      return Object.fromEntries(results.map(({ shape, data }, i) => [names[i], tensor(shape, data)]));
    },
    release: async () => {},
  };
}
