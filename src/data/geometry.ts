import { z } from 'zod';
import type { Tensor } from '../numeric/tensor.ts';
import type { Box } from './dataset.ts';
import { resample } from './resample.ts';

/** Height and width in pixels. */
export type Size = readonly [height: number, width: number];

/**
 * How a picture is brought to the wanted size. `crop`: the shorter side to 256/224 of the wanted one, then the centre, as
 * torchvision does for ImageNet; `squash`: both sides, whatever the proportions; `exact`: pictures must have that size.
 * A picture which has the wanted size already is never resampled.
 */
export const fit = z.enum(['crop', 'squash', 'exact']);
export type Fit = z.infer<typeof fit>;

/** A resize followed by a crop: what happens to a picture, and alike to its mask and box. */
export interface Geometry {
  readonly source: Size;
  readonly resized: Size;
  readonly offset: readonly [y: number, x: number];
  readonly size: Size;
}

const same = (a: Size, b: Size) => a[0] === b[0] && a[1] === b[1];

/** Halves go to the even neighbour, as in Python, whose centre crop this has to match. */
function roundHalfEven(v: number): number {
  const low = Math.floor(v);
  return v - low === 0.5 ? low + (low % 2) : Math.round(v);
}

/** Plans the way from `source` to `size`. Throws RangeError for the policy `exact` when the two differ. */
export function geometry(source: Size, size: Size, policy: Fit): Geometry {
  if (same(source, size) || policy === 'squash') return { source, resized: size, offset: [0, 0], size };
  if (policy === 'exact')
    throw new RangeError(`is ${source[1]}x${source[0]} pixels, not ${size[1]}x${size[0]}, and fit is "exact"`);
  const [high, wide] = [size[0] / source[0], size[1] / source[1]];
  const leading = high >= wide ? 0 : 1;
  const lead = Math.round((size[leading] * 256) / 224);
  const other = Math.max(size[1 - leading], Math.floor((lead * source[1 - leading]) / source[leading]));
  const resized: Size = leading === 0 ? [lead, other] : [other, lead];
  return { source, resized, offset: [crop(resized[0], size[0]), crop(resized[1], size[1])], size };
}

const crop = (resized: number, size: number) => roundHalfEven((resized - size) / 2);

/** Moves an image `[C,h,w]` to `[C,H,W]`: bilinear, over the whole footprint of a pixel when it shrinks. */
export const moveImage = (image: Tensor, g: Geometry): Tensor =>
  same(g.source, g.resized) && same(g.resized, g.size) ? image : resample(image, g.resized, g.offset, g.size);

/** Moves a mask `h*w` to `H*W`, each pixel taking the value of the nearest. */
export function moveMask(mask: Uint8Array, { source, resized, offset, size }: Geometry): Uint8Array {
  const nearest = (axis: 0 | 1) =>
    Array.from({ length: size[axis] }, (_, i) => Math.floor(((i + offset[axis] + 0.5) * source[axis]) / resized[axis]));
  const [rows, columns] = [nearest(0), nearest(1)];
  const out = new Uint8Array(size[0] * size[1]);
  for (let y = 0; y < size[0]; y++)
    for (let x = 0; x < size[1]; x++) out[y * size[1] + x] = mask[rows[y] * source[1] + columns[x]];
  return out;
}

/**
 * Moves a box as `moveMask` would move the mask that fills it: a pixel is in when its centre is. A box that falls between two
 * centres keeps one pixel. Throws RangeError when nothing of it is left in the picture.
 */
export function moveBox(box: Box, { source, resized, offset, size }: Geometry): Box {
  const edge = (v: number, axis: 0 | 1) => Math.ceil((v * resized[axis]) / source[axis] - 0.5) - offset[axis];
  const span = (low: number, high: number, axis: 0 | 1) => {
    const first = edge(low, axis);
    return [Math.max(0, first), Math.min(size[axis], Math.max(first + 1, edge(high, axis)))];
  };
  const [x0, x1] = span(box.x0, box.x1, 1);
  const [y0, y1] = span(box.y0, box.y1, 0);
  if (x0 >= x1 || y0 >= y1)
    throw new RangeError(`box ${box.x0},${box.y0},${box.x1},${box.y1} lies outside what the crop keeps`);
  return { x0, y0, x1, y1 };
}

/** The smallest box around a mask `height*width`; none for an empty mask. */
export function boxOf(mask: Uint8Array, height: number, width: number): Box | undefined {
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] === 0) continue;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x + 1);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y + 1);
    }
  return x1 > 0 ? { x0, y0, x1, y1 } : undefined;
}
