import { z } from 'zod';
import { gaussianBlur } from './blur.ts';
import { sum } from './statistics.ts';
import { at, type Tensor } from './tensor.ts';

const level = z.number().min(0).max(1);

/** What removed pixels become: the picture's mean colour, black, the blurred picture, or a given colour `[r,g,b]` in [0,1]. */
export const baseline = z.union([z.enum(['mean', 'black', 'blur']), z.tuple([level, level, level])]);
export type Baseline = z.infer<typeof baseline>;

/**
 * The baseline picture `[3,H,W]` of a picture `[3,H,W]` in [0,1]. The blur is RISE's: a Gaussian of 11x11 pixels and sigma 5; the
 * border is reflected without repeating the edge pixel.
 */
export function baselineImage(image: Tensor, choice: Baseline): Tensor {
  if (choice === 'blur') return gaussianBlur(image, 11, 5);
  const size = image.shape[1] * image.shape[2];
  const data = new Float32Array(image.data.length);
  for (let c = 0; c < image.shape[0]; c++) {
    const colour = choice === 'mean' ? sum(at(image, c).data) / size : choice === 'black' ? 0 : choice[c];
    data.fill(colour, c * size, (c + 1) * size);
  }
  return { shape: image.shape, data };
}
