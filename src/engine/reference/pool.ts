import type { PoolAttrs } from '../../graph/index.ts';
import { sizeOf } from '../../numeric/tensor.ts';
import type { Kernels } from './kernel.ts';
import type { Value } from './value.ts';

/** A window of pixels along one axis. */
interface Span {
  /** The pixels of the picture it covers: `first <= i < end`. */
  readonly first: number;
  readonly end: number;
  /** Its length, with the padding it covers but without what hangs over the padding. */
  readonly padded: number;
}

function spanAt(i: number, axis: 0 | 1, size: number, { kernel, strides, pads }: PoolAttrs): Span {
  const start = i * strides[axis] - pads[axis];
  const end = Math.min(start + kernel[axis], size + pads[axis + 2]);
  return { first: Math.max(start, 0), end: Math.min(end, size), padded: end - start };
}

/** Visits the windows of a pooling in the order of its result: pixel places in x `[N,C,H,W]`, and the window's size with padding. */
function windows(
  x: readonly number[],
  y: readonly number[],
  attrs: PoolAttrs,
  visit: (pixels: number[], atY: number, padded: number) => void,
): void {
  const [batch, channels, height, width] = x;
  let atY = 0;
  for (let plane = 0; plane < batch * channels; plane++)
    for (let r = 0; r < y[2]; r++) {
      const rows = spanAt(r, 0, height, attrs);
      for (let q = 0; q < y[3]; q++) {
        const columns = spanAt(q, 1, width, attrs);
        const pixels: number[] = [];
        for (let h = rows.first; h < rows.end; h++)
          for (let v = columns.first; v < columns.end; v++) pixels.push((plane * height + h) * width + v);
        visit(pixels, atY++, rows.padded * columns.padded);
      }
    }
}

/** Where the maxima are; the first of equals, and NaN above all, as in PyTorch. */
function maxima(x: Value, shape: readonly number[], attrs: PoolAttrs): Float64Array {
  const places = new Float64Array(sizeOf(shape));
  windows(x.shape, shape, attrs, (pixels, atY) => {
    places[atY] = pixels.reduce((best, p) => (x.data[p] > x.data[best] || Number.isNaN(x.data[p]) ? p : best));
  });
  return places;
}

export const pool = {
  maxPool: ([x], attrs, { shape }) => maxima(x, shape, attrs).map((at) => x.data[at]),
  maxPoolIndices: ([x], attrs, { shape }) => maxima(x, shape, attrs),
  poolGather: ([x, indices]) => indices.data.map((at) => x.data[at]),
  poolScatter: ([y, indices], _, { shape }) => {
    const x = new Float64Array(sizeOf(shape));
    indices.data.forEach((at, i) => (x[at] += y.data[i]));
    return x;
  },
  avgPool: ([x], attrs, { shape }) => {
    const y = new Float64Array(sizeOf(shape));
    windows(x.shape, shape, attrs, (pixels, atY, padded) => {
      for (const p of pixels) y[atY] += x.data[p];
      y[atY] /= attrs.countPadding ? padded : pixels.length;
    });
    return y;
  },
  avgPoolInput: ([y], attrs, { shape }) => {
    const x = new Float64Array(sizeOf(shape));
    windows(shape, y.shape, attrs, (pixels, atY, padded) => {
      const share = y.data[atY] / (attrs.countPadding ? padded : pixels.length);
      for (const p of pixels) x[p] += share;
    });
    return x;
  },
} satisfies Partial<Kernels>;
