import type { Node } from '../../graph/index.ts';
import { sizeOf } from '../../numeric/tensor.ts';
import type { Kernels } from './kernel.ts';
import type { Value } from './value.ts';

/** The k-th entry along the first axis, as a view. */
function entry(sequence: Value, k: number): Value {
  const shape = sequence.shape.slice(1);
  const size = sizeOf(shape);
  return { shape, data: sequence.data.subarray(k * size, (k + 1) * size) };
}

export const control = {
  sumOver: (inputs, { params, body, sequences }, { shape, evaluate }) => {
    const total = new Float64Array(sizeOf(shape));
    for (let k = 0; k < inputs[0].shape[0]; k++) {
      const feeds = new Map<Node, Value>(params.map((p, i) => [p, i < sequences ? entry(inputs[i], k) : inputs[i]]));
      evaluate([body], feeds)[0].data.forEach((v, i) => (total[i] += v));
    }
    return total;
  },
} satisfies Partial<Kernels>;
