import type { ConvAttrs } from '../../graph/index.ts';
import { sizeOf } from '../../numeric/tensor.ts';
import type { Kernels } from './kernel.ts';
import { broadcastStrides, offsets } from './value.ts';

/**
 * Visits each term of the trilinear form Σ y · conv(x, w): the places of its three factors in x `[N,C,H,W]`, w `[O,C/groups,kh,kw]` and
 * y `[N,O,h,w]`.
 */
function convTerms(
  x: readonly number[],
  w: readonly number[],
  y: readonly number[],
  { strides, pads, dilations, groups }: ConvAttrs,
  visit: (atX: number, atW: number, atY: number) => void,
): void {
  const [batch, channels, height, width] = x;
  const [outputs, groupChannels, kernelHeight, kernelWidth] = w;
  const [, , rows, columns] = y;
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outputs; o++) {
      const firstChannel = Math.floor(o / (outputs / groups)) * groupChannels;
      for (let c = 0; c < groupChannels; c++)
        for (let i = 0; i < kernelHeight; i++)
          for (let j = 0; j < kernelWidth; j++) {
            const atW = ((o * groupChannels + c) * kernelHeight + i) * kernelWidth + j;
            for (let r = 0; r < rows; r++) {
              const h = r * strides[0] - pads[0] + i * dilations[0];
              if (h < 0 || h >= height) continue;
              for (let q = 0; q < columns; q++) {
                const v = q * strides[1] - pads[1] + j * dilations[1];
                if (v < 0 || v >= width) continue;
                const atX = ((n * channels + firstChannel + c) * height + h) * width + v;
                visit(atX, atW, ((n * outputs + o) * rows + r) * columns + q);
              }
            }
          }
    }
}

export const linear = {
  conv: ([x, w, bias], attrs, { shape }) => {
    const y = new Float64Array(sizeOf(shape));
    const plane = shape[2] * shape[3];
    if (bias) y.forEach((_, i) => (y[i] = bias.data[Math.floor(i / plane) % shape[1]]));
    convTerms(x.shape, w.shape, shape, attrs, (atX, atW, atY) => (y[atY] += x.data[atX] * w.data[atW]));
    return y;
  },
  convInput: ([y, w], attrs, { shape }) => {
    const x = new Float64Array(sizeOf(shape));
    convTerms(shape, w.shape, y.shape, attrs, (atX, atW, atY) => (x[atX] += y.data[atY] * w.data[atW]));
    return x;
  },
  convWeight: ([x, y], attrs, { shape }) => {
    const w = new Float64Array(sizeOf(shape));
    convTerms(x.shape, shape, y.shape, attrs, (atX, atW, atY) => (w[atW] += x.data[atX] * y.data[atY]));
    return w;
  },
  dense: ([x, w, bias], _, { shape }) => {
    const [inner, columns] = w.shape;
    const y = new Float64Array(sizeOf(shape));
    for (let row = 0; row < y.length / columns; row++)
      for (let j = 0; j < columns; j++) {
        let total = bias ? bias.data[j] : 0;
        for (let k = 0; k < inner; k++) total += x.data[row * inner + k] * w.data[k * columns + j];
        y[row * columns + j] = total;
      }
    return y;
  },
  matmul: ([a, b], _, { shape }) => {
    const leading = shape.slice(0, -2);
    const [rows, columns] = shape.slice(-2);
    const inner = b.shape[b.shape.length - 2];
    const matrices = (operand: readonly number[], size: number) =>
      offsets(
        leading,
        broadcastStrides(operand.slice(0, -2), leading).map((s) => s * size),
      );
    const left = matrices(a.shape, rows * inner);
    const right = matrices(b.shape, inner * columns);
    const y = new Float64Array(sizeOf(shape));
    left.forEach((atA, m) => {
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let total = 0;
          for (let k = 0; k < inner; k++) total += a.data[atA + i * inner + k] * b.data[right[m] + k * columns + j];
          y[(m * rows + i) * columns + j] = total;
        }
    });
    return y;
  },
} satisfies Partial<Kernels>;
