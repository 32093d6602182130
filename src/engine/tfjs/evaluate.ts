import { resolveShape, topological, type Node, type NodeOf, type OpName } from '../../graph/index.ts';
import type { Tf } from './backend.ts';
import type { Constants } from './constants.ts';
import { control } from './control.ts';
import { conv } from './conv.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import type { Lowering, Lowerings, Run } from './lowering.ts';
import { pool } from './pool.ts';
import { structure } from './structure.ts';
import { hold, type Value } from './value.ts';

const lowerings: Lowerings = { ...elementwise, ...conv, ...linear, ...pool, ...structure, ...control };

/** The order of work of a graph. */
export interface Schedule {
  readonly outputs: readonly Node[];
  readonly steps: readonly {
    readonly node: Node;
    /** Values that no later step needs. */ readonly done: readonly Node[];
  }[];
}

/** Inputs and constants belong to others. */
const isOwn = ({ op }: Node): boolean => op !== 'input' && op !== 'constant';

export function scheduleOf(outputs: readonly Node[]): Schedule {
  const order = topological(outputs);
  const lastUse = new Map<Node, Node>();
  for (const node of order) for (const i of node.inputs) lastUse.set(i, node);
  const done = new Map<Node, Node[]>(order.map((node) => [node, []]));
  for (const [node, user] of lastUse) if (isOwn(node) && !outputs.includes(node)) done.get(user)!.push(node);
  return { outputs, steps: order.map((node) => ({ node, done: done.get(node)! })) };
}

/** What evaluation works with. */
export interface Setting {
  readonly tf: Tf;
  readonly constants: Constants;
  readonly batch: number;
  /** The schedule of the body of a loop. */
  scheduleFor(output: Node): Schedule;
}

/** The values of the outputs, which the caller disposes of. What is needed no more on the way is freed at once. */
export function evaluate({ outputs, steps }: Schedule, feeds: ReadonlyMap<Node, Value>, setting: Setting): Value[] {
  const { tf, constants, batch } = setting;
  const values = new Map<Node, Value>();
  try {
    for (const { node, done } of steps) {
      values.set(node, compute(node));
      for (const n of done) {
        values.get(n)!.dispose();
        values.delete(n);
      }
    }
    const results = outputs.map((o) => (isOwn(o) ? values.get(o)! : { ...values.get(o)!, dispose: () => undefined }));
    for (const o of outputs) values.delete(o);
    return results;
  } finally {
    for (const [node, value] of values) if (isOwn(node)) value.dispose();
  }

  function compute(node: Node): Value {
    if (node.op === 'input') return feeds.get(node)!;
    if (node.op === 'constant') return constants.value(node);
    const shape = resolveShape(node.shape, batch);
    const run: Run = {
      tf,
      shape,
      derived: (operand, tag, make) => (operand.op === 'constant' ? constants.derived(operand, tag, make) : make()),
      evaluate: (output, inner) => evaluate(setting.scheduleFor(output), inner, setting)[0],
    };
    const lower = lowerings[node.op] as Lowering<OpName>;
    const inputs = node.inputs.map((i) => values.get(i)!);
    let value: Value;
    tf.tidy(() => {
      value = hold(tf, shape, lower(node as NodeOf<OpName> as never, inputs, run));
    });
    return value!;
  }
}
