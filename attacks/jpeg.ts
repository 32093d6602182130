import { z } from 'zod';
import { tensor } from '../src/numeric/tensor.ts';
import { defineAttack } from './attack.ts';

/** The picture written as JPEG and read again, colours at half the resolution: a benign change. Values become whole 255ths. */
export const jpeg = defineAttack({
  name: 'jpeg',
  title: 'JPEG (control)',
  paper: 'control',
  kind: 'benign',
  options: z.strictObject({
    quality: z.int().min(1).max(100).default(75),
  }),
  prepare:
    ({ options }) =>
    async ({ image }) => {
      const { default: sharp } = await import('sharp');
      const [, height, width] = image.shape;
      const area = height * width;
      const bytes = Uint8Array.from({ length: 3 * area }, (_, i) =>
        Math.round(255 * image.data[(i % 3) * area + Math.floor(i / 3)]),
      );
      const file = await sharp(bytes, { raw: { width, height, channels: 3 } })
        .jpeg(options)
        .toBuffer();
      const decoded = await sharp(file).toColourspace('srgb').raw().toBuffer();
      const data = Float32Array.from(
        { length: 3 * area },
        (_, i) => decoded[(i % area) * 3 + Math.floor(i / area)] / 255,
      );
      return { image: tensor(image.shape, data), queries: 0, gradients: 0 };
    },
});
