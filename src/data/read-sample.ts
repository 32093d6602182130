import type { Box, Sample } from './dataset.ts';
import { SampleError } from './dataset.ts';
import { geometry, moveBox, moveImage, moveMask, type Fit, type Size } from './geometry.ts';
import { attempt, readImage } from './image.ts';
import { makeSample } from './sample.ts';

/** What is known of a picture before it is read. */
export interface Source {
  readonly id: string;
  readonly image: string;
  readonly label?: number;
  readonly box?: Box;
  /** Reads the mask, which must have the size of the picture. */
  readonly mask?: { readonly file: string; read(file: string): Promise<{ mask: Uint8Array; size: Size }> };
}

/** Reads a picture with its mask and brings both, and the box, to `size`. Throws `SampleError` naming the file and the cause. */
export async function readSample({ id, image: file, label, box, mask }: Source, size: Size, fit: Fit): Promise<Sample> {
  const image = await readImage(file);
  const source: Size = [image.shape[1], image.shape[2]];
  const move = await attempt(file, () => geometry(source, size, fit));
  const read = mask && (await mask.read(mask.file));
  if (read && (read.size[0] !== source[0] || read.size[1] !== source[1]))
    throw new SampleError(
      `${mask.file}: the mask is ${read.size[1]}x${read.size[0]} pixels and its picture ${source[1]}x${source[0]}`,
    );
  return makeSample({
    id,
    image: moveImage(image, move),
    label,
    mask: read && moveMask(read.mask, move),
    box: box && (await attempt(file, () => moveBox(box, move))),
  });
}
