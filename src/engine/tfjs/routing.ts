import type { Tensor } from '@tensorflow/tfjs-core';
import type { PoolAttrs } from '../../graph/index.ts';
import type { Tf } from './backend.ts';

/** Which pixel of each window a max pool took. */
export interface Routing {
  /** The pixel's number in its window, `[N,h,w,C]`, float32. */
  readonly choice: Tensor;
  /** The shape `[N,C,H,W]` of what was pooled. */
  readonly picture: readonly number[];
  readonly attrs: PoolAttrs;
}

/**
 * The pixels' positions in the flattened picture, int32: `[N,h,w,C]` in `[N,H,W,C]`, or `[N,C,h,w]` in
 * `[N,C,H,W]`. The windows' corners are
 * counted on the host, since integers do not broadcast fast.
 */
export function positions(tf: Tf, { choice, picture, attrs }: Routing, plain = false): Tensor {
  const { kernel, strides, pads } = attrs;
  const [, channels, height, width] = picture;
  const [n, h, w, c] = choice.shape;
  const [row, column, channel] = plain ? [width, 1, height * width] : [width * channels, channels, 1];
  const corners = new Int32Array(choice.size);
  let at = 0;
  // The channels are counted first or last.
  const [before, after] = plain ? [c, 1] : [1, c];
  for (let s = 0; s < n; s++)
    for (let first = 0; first < before; first++)
      for (let i = 0; i < h; i++)
        for (let j = 0; j < w; j++) {
          const corner =
            s * channels * height * width + (i * strides[0] - pads[0]) * row + (j * strides[1] - pads[1]) * column;
          for (let k = 0; k < after; k++) corners[at++] = corner + (first + k) * channel;
        }
  const ordered = plain ? tf.transpose(choice, [0, 3, 1, 2]) : choice;
  const down = tf.floor(tf.div(tf.add(ordered, 0.5), kernel[1]));
  const across = tf.sub(ordered, tf.mul(down, kernel[1]));
  const within = tf.add(tf.mul(down, row), tf.mul(across, column));
  return tf.add(tf.tensor(corners, ordered.shape, 'int32'), tf.cast(tf.round(within), 'int32'));
}
