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

/** A mask `H*W` of the pixels whose colour, as 0xRRGGBB, is wanted. Throws `SampleError` for a file that cannot be read. */
async function readColours(
  file: string,
  wanted: (colour: number) => boolean,
): Promise<{ mask: Uint8Array; size: Size }> {
  const image = await readImage(file);
  const size: Size = [image.shape[1], image.shape[2]];
  const area = size[0] * size[1];
  const mask = Uint8Array.from({ length: area }, (_, p) => {
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(image.data[c * area + p] * 255));
    return wanted((r << 16) | (g << 8) | b) ? 1 : 0;
  });
  return { mask, size };
}

/** Reads the pixels of a class from SegmentationClass; for a name outside the twenty, all that is neither background nor void. */
export function readClass(file: string, name: string): Promise<{ mask: Uint8Array; size: Size }> {
  const index = vocClasses.indexOf(name) + 1;
  const colour = paletteColour(index);
  return readColours(file, index > 0 ? (c) => c === colour : (c) => c !== 0 && c !== voidColour);
}

/** Reads the pixels of one object from SegmentationObject, where objects are numbered from 1 in the order of the annotation. */
export function readObject(file: string, number: number): Promise<{ mask: Uint8Array; size: Size }> {
  const colour = paletteColour(number);
  return readColours(file, (c) => c === colour);
}
