import type { Tensor } from '@tensorflow/tfjs-core';
import { broadcast } from '../../graph/index.ts';
import { sizeOf } from '../../numeric/tensor.ts';
import type { Tf } from './backend.ts';
import type { Lowerings } from './lowering.ts';

/** Product of matrices in the last two axes of a and b. Leading axes broadcast, which TensorFlow.js does only where one side has none. */
function product(tf: Tf, a: Tensor, b: Tensor): Tensor {
  const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)) as number[];
  const [rows, inner] = a.shape.slice(-2);
  const columns = b.shape[b.shape.length - 1];
  const shape = [...leading, rows, columns];
  // One matrix on the right is one large product.
  if (sizeOf(b.shape.slice(0, -2)) === 1) {
    const left = tf.reshape(a, [sizeOf(a.shape) / inner, inner]);
    return tf.reshape(tf.matMul(left, tf.reshape(b, [inner, columns])), shape);
  }
  const count = sizeOf(leading);
  const stack = (x: Tensor) => {
    const matrix = x.shape.slice(-2);
    const own = sizeOf(x.shape.slice(0, -2));
    const all = own === 1 || own === count ? x : tf.broadcastTo(x, [...leading, ...matrix]);
    return tf.reshape(all, [own === 1 ? 1 : count, ...matrix]);
  };
  return tf.reshape(tf.matMul(stack(a), stack(b)), shape);
}

export const linear = {
  dense: (_, [x, w, bias], { tf }) => {
    const sums = product(tf, x.plain(), w.plain());
    return { plain: bias ? tf.add(sums, bias.plain()) : sums };
  },
  matmul: (_, [a, b], { tf }) => ({ plain: product(tf, a.plain(), b.plain()) }),
} satisfies Partial<Lowerings>;
