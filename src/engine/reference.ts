/** The reference engine: a slow, readable float64 interpreter that the fast engines and the derivatives are checked against. */
import { inputsOf } from '../graph/index.ts';
import { tensor, type Tensor } from '../numeric/tensor.ts';
import { noCopies } from './copies.ts';
import type { Engine, Outputs } from './engine.ts';
import { checkFeeds } from './feeds.ts';
import { hostMemory } from './kept.ts';
import { createPrograms, type Prepared } from './programs.ts';
import { evaluate } from './reference/evaluate.ts';
import { value } from './reference/value.ts';

export { evaluate, type Feeds } from './reference/evaluate.ts';
export { value, type Value } from './reference/value.ts';

/** Makes the float64 interpreter behind the interface of all engines; feeds and results are float32. */
export function createReferenceEngine(): Engine {
  return {
    name: 'reference',
    device: 'cpu',
    onProcessor: true,
    ...createPrograms(hostMemory, prepare, Infinity),
    copies: () => noCopies,
    describe: async () => ({ version: process.version }),
    release: async () => {},
  };
}

function prepare(results: Outputs, state: Outputs): Prepared<Tensor> {
  const outputs = [...Object.values(results), ...Object.values(state)];
  const inputs = inputsOf(outputs).map((n) => n.attrs);
  return {
    inputs,
    outputs,
    async runPart(feeds) {
      const fed: Record<string, Tensor> = Object.fromEntries(
        inputs.map(({ name }) => [name, 'value' in feeds[name] ? feeds[name].value : feeds[name]]),
      );
      const wide = Object.entries(fed).map(([name, { shape, data }]) => [name, value(shape, data)] as const);
      const values = evaluate(outputs, Object.fromEntries(wide), checkFeeds(inputs, fed));
      const tensors = values.map(({ shape, data }) => tensor(shape, data));
      const kept = Object.keys(state).map((name, i) => {
        const value = tensors[Object.keys(results).length + i];
        return [name, { shape: value.shape, value }] as const;
      });
      return {
        results: Object.fromEntries(Object.keys(results).map((name, i) => [name, tensors[i]])),
        state: Object.fromEntries(kept),
      };
    },
    release: async () => {},
  };
}
