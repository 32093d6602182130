import type { Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../numeric/tensor.ts';
import type { Pads, Pair } from '../../graph/index.ts';
import type { Tf } from './backend.ts';

/** Puts `step - 1` zeros between neighbours along an axis. */
export function spread(tf: Tf, x: Tensor, axis: number, step: number): Tensor {
  const count = x.shape[axis];
  if (step === 1 || count === 1) return x;
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const apart = tf.pad(tf.reshape(x, [outer, count, inner]), [
    [0, 0],
    [0, 0],
    [0, (step - 1) * inner],
  ]);
  const size = (count - 1) * step + 1;
  const cut = tf.slice(tf.reshape(apart, [outer, count * step, inner]), [0, 0, 0], [outer, size, inner]);
  return tf.reshape(cut, x.shape.with(axis, size));
}

/** Pads the rows and columns of `[N,H,W,C]`; negative amounts crop. */
export function padPicture(tf: Tf, x: Tensor, [top, left, bottom, right]: Pads, value = 0): Tensor {
  const [n, h, w, c] = x.shape;
  const lost = (p: number) => Math.max(-p, 0);
  const size = [n, h - lost(top) - lost(bottom), w - lost(left) - lost(right), c];
  const kept = size[1] === h && size[2] === w ? x : tf.slice(x, [0, lost(top), lost(left), 0], size);
  const grow = (before: number, after: number): [number, number] => [Math.max(before, 0), Math.max(after, 0)];
  if ([top, left, bottom, right].every((p) => p <= 0)) return kept;
  return tf.pad(kept, [[0, 0], grow(top, bottom), grow(left, right), [0, 0]], value);
}

/**
 * Pads `[N,H,W,C]` so that `met` can be asked for every offset up to `reach`. There is room for whole steps, so that no strided slice is
 * needed, which takes 10 times as long in WebAssembly.
 */
export function roomFor(
  tf: Tf,
  x: Tensor,
  [top, left]: readonly number[],
  reach: Pair,
  [sy, sx]: Pair,
  [rows, columns]: Pair,
  value = 0,
): Tensor {
  const [, h, w] = x.shape;
  const [height, width] = [(Math.floor(reach[0] / sy) + rows) * sy, (Math.floor(reach[1] / sx) + columns) * sx];
  return padPicture(tf, x, [top, left, height - top - h, width - left - w], value);
}

/** What an offset into the windows of a picture with room meets: `[N,rows,columns,C]`. */
export function met(tf: Tf, x: Tensor, [i, j]: Pair, [sy, sx]: Pair, [rows, columns]: Pair): Tensor {
  const [n, , w, c] = x.shape;
  if (sy === 1 && sx === 1) return tf.slice(x, [0, i, j, 0], [n, rows, columns, c]);
  const ofRows = tf.slice(x, [0, i - (i % sy), 0, 0], [n, rows * sy, w, c]);
  const apart = tf.reshape(ofRows, [n * rows, sy, w, c]);
  const row = tf.slice(apart, [0, i % sy, j - (j % sx), 0], [n * rows, 1, columns * sx, c]);
  const column = tf.slice(tf.reshape(row, [n * rows * columns, sx, c]), [0, j % sx, 0], [n * rows * columns, 1, c]);
  return tf.reshape(column, [n, rows, columns, c]);
}
