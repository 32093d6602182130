import type { Node } from '../../graph/index.ts';
import type { Lowerings } from './lowering.ts';
import { hold, type Value } from './value.ts';

export const control = {
  sumOver: ({ attrs: { params, body, sequences } }, inputs, { tf, shape, evaluate }) => {
    let total = tf.zeros([...shape]);
    for (let k = 0; k < inputs[0].shape[0]; k++) {
      const entries = inputs.slice(0, sequences).map((sequence): Value => {
        const rest = sequence.shape.slice(1);
        const row = tf.slice(sequence.plain(), [k, ...rest.map(() => 0)], [1, ...rest]);
        return hold(tf, rest, { plain: tf.reshape(row, rest) });
      });
      const term = evaluate(
        body,
        new Map<Node, Value>(params.map((p, i) => [p, i < sequences ? entries[i] : inputs[i]])),
      );
      const next = tf.add(total, term.plain());
      for (const done of [total, term, ...entries]) done.dispose();
      total = next;
    }
    return { plain: total };
  },
} satisfies Partial<Lowerings>;
