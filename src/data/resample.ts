import type { Tensor } from '../numeric/tensor.ts';

interface Taps {
  readonly from: number;
  readonly weights: Float64Array;
}

/** For each of `count` pixels from `offset` on, the source pixels under its triangle and their weights. */
function taps(source: number, resized: number, offset: number, count: number): Taps[] {
  const scale = source / resized;
  const reach = Math.max(1, scale);
  return Array.from({ length: count }, (_, i) => {
    const centre = (i + offset + 0.5) * scale;
    const from = Math.max(0, Math.floor(centre - reach + 0.5));
    const to = Math.min(source, Math.floor(centre + reach + 0.5));
    const weights = new Float64Array(to - from);
    let sum = 0;
    for (let j = from; j < to; j++) sum += weights[j - from] = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / reach);
    return { from, weights: weights.map((w) => w / sum) };
  });
}

/**
 * Resizes an image `[C,h,w]` to `resized` and keeps the window of `size` at `offset`: `[C,H,W]`. Bilinear with antialiasing, as
 * Pillow and torchvision do it, without their rounding to 8 bits. Same result on every machine, unlike a native resizer.
 */
export function resample(
  image: Tensor,
  resized: readonly [number, number],
  offset: readonly [number, number],
  size: readonly [number, number],
): Tensor {
  const [channels, h, w] = image.shape;
  const [H, W] = size;
  const columns = taps(w, resized[1], offset[1], W);
  const rows = taps(h, resized[0], offset[0], H);
  const out = new Float32Array(channels * H * W);
  const narrow = new Float64Array(h * W);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < h; y++)
      for (let x = 0; x < W; x++) {
        const { from, weights } = columns[x];
        const start = (c * h + y) * w + from;
        let sum = 0;
        for (let j = 0; j < weights.length; j++) sum += weights[j] * image.data[start + j];
        narrow[y * W + x] = sum;
      }
    for (let y = 0; y < H; y++) {
      const { from, weights } = rows[y];
      for (let x = 0; x < W; x++) {
        let sum = 0;
        for (let j = 0; j < weights.length; j++) sum += weights[j] * narrow[(from + j) * W + x];
        out[(c * H + y) * W + x] = sum;
      }
    }
  }
  return { shape: [channels, H, W], data: out };
}
