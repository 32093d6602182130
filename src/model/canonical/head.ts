import { formatShape, reshape, type Node } from '../../graph/index.ts';
import { UserError } from '../../numeric/errors.ts';

export interface Head {
  /** `[N,K]`. */
  readonly logits: Node;
  /** The removed softmax, where there was one. */
  readonly removed?: Node;
}

/** The logits behind an output: a softmax at the end is taken off, and axes of size 1 behind the classes are dropped. */
export function headOf(output: Node, file: string): Head {
  const { logits, removed } = withoutSoftmax(output);
  const [batch, classes, ...rest] = logits.shape;
  if (batch !== 'N' || typeof classes !== 'number' || rest.some((d) => d !== 1))
    throw new UserError(
      `${file}: the output has the shape ${formatShape(logits.shape)}; a classifier returns [N,classes]`,
    );
  return { logits: reshape(logits, ['N', classes]), removed };
}

/** Looks for the softmax through reshapes, which exporters put around it. */
function withoutSoftmax(output: Node): Head {
  if (output.op === 'softmax' || output.op === 'logSoftmax') return { logits: output.inputs[0], removed: output };
  if (output.op !== 'reshape') return { logits: output };
  const inner = withoutSoftmax(output.inputs[0]);
  return inner.removed ? { logits: reshape(inner.logits, output.shape), removed: inner.removed } : { logits: output };
}
