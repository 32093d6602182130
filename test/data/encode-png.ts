import sharp from 'sharp';
import type { Tensor } from '../../src/numeric/tensor.ts';

/** Encodes an image `[3,H,W]` or `[1,H,W]` as PNG, values clipped to [0,1] and rounded to 8 bits. */
export function encodePng(image: Tensor): Promise<Buffer> {
  const [channels, height, width] = image.shape;
  const area = height * width;
  const data = new Uint8Array(channels * area);
  for (let p = 0; p < area; p++)
    for (let c = 0; c < channels; c++)
      data[p * channels + c] = Math.round(Math.min(1, Math.max(0, image.data[c * area + p])) * 255);
  return sharp(data, { raw: { width, height, channels: channels === 1 ? 1 : 3 } })
    .png()
    .toBuffer();
}
