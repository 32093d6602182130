import type { Size } from '../geometry.ts';
import { readImage } from '../image.ts';

/** The twenty classes of PASCAL VOC in the order of their palette, which starts with the background. */
const vocClasses = [
  ...['aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow', 'diningtable', 'dog'],
  ...['horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa', 'train', 'tvmonitor'],
];

/** Outlines and pixels that the annotators left out. */
const voidColour = 0xe0e0c0;

/** The palette of the format: bit b of an index gives bit 7 - b/3 of channel b mod 3. */
function paletteColour(index: number): number {
  const channels = [0, 0, 0];
  for (let b = 0; b < 24; b++) channels[b % 3] |= ((index >> b) & 1) << (7 - Math.floor(b / 3));
  return (channels[0] << 16) | (channels[1] << 8) | channels[2];
}

/**
 * Reads a class segmentation as a mask `H*W`: the pixels of the class, or, for a name outside the twenty, all that is neither
 * background nor void. Throws `SampleError` for a file that cannot be read.
 */
export async function readSegmentation(file: string, name: string): Promise<{ mask: Uint8Array; size: Size }> {
  const image = await readImage(file);
  const size: Size = [image.shape[1], image.shape[2]];
  const area = size[0] * size[1];
  const index = vocClasses.indexOf(name) + 1;
  const wanted = paletteColour(index);
  const mask = Uint8Array.from({ length: area }, (_, p) => {
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(image.data[c * area + p] * 255));
    const colour = (r << 16) | (g << 8) | b;
    return (index > 0 ? colour === wanted : colour !== 0 && colour !== voidColour) ? 1 : 0;
  });
  return { mask, size };
}
