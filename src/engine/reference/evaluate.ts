import { formatShape, resolveShape, sameShape, topological, type Node, type OpName } from '../../graph/index.ts';
import { control } from './control.ts';
import { elementwise } from './elementwise.ts';
import type { Kernel, Kernels } from './kernel.ts';
import { linear } from './linear.ts';
import { pool } from './pool.ts';
import { reduce } from './reduce.ts';
import { structure } from './structure.ts';
import type { Value } from './value.ts';

const kernels: Omit<Kernels, 'input'> = { ...elementwise, ...linear, ...pool, ...reduce, ...structure, ...control };

/** What the inputs of a graph are set to, by node or by name. */
export type Feeds = ReadonlyMap<Node, Value> | Readonly<Record<string, Value>>;

/**
 * The values of the outputs in float64, at a given size of the batch axis `N`.
 * Throws RangeError where an input is not fed or fed with another shape.
 */
export function evaluate(outputs: readonly Node[], feeds: Feeds, batch = 1): Value[] {
  const values = new Map<Node, Value>();
  for (const node of topological(outputs)) values.set(node, compute(node));
  return outputs.map((o) => values.get(o)!);

  function compute(node: Node): Value {
    const shape = resolveShape(node.shape, batch);
    if (node.op === 'input') return fed(node.attrs.name, feedOf(feeds, node, node.attrs.name), shape);
    const kernel = kernels[node.op] as Kernel<OpName>;
    const inputs = node.inputs.map((i) => values.get(i)!);
    return {
      shape,
      data: kernel(inputs, node.attrs, { shape, evaluate: (body, entries) => evaluate(body, entries, batch) }),
    };
  }
}

const feedOf = (feeds: Feeds, node: Node, name: string): Value | undefined =>
  feeds instanceof Map
    ? (feeds as ReadonlyMap<Node, Value>).get(node)
    : (feeds as Readonly<Record<string, Value>>)[name];

function fed(name: string, feed: Value | undefined, shape: readonly number[]): Value {
  if (!feed) throw new RangeError(`the input '${name}' is not fed`);
  if (!sameShape(feed.shape, shape))
    throw new RangeError(`the input '${name}' wants ${formatShape(shape)}, got ${formatShape(feed.shape)}`);
  return feed;
}
