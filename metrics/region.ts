import type { Box } from '../src/data/dataset.ts';
import { Undefined } from '../src/numeric/errors.ts';
import type { MapContext } from './metric.ts';

/** The object's pixels: `H*W` values, 1 inside and 0 outside, and the number of ones. */
export interface Region {
  readonly inside: Uint8Array;
  readonly area: number;
}

type Located = Pick<MapContext<unknown>, 'mask' | 'box' | 'heatmap'>;

/**
 * The object of a sample: its mask (whatever is not 0) where there is one, else its filled box, cut at the picture's border. Throws
 * `Undefined` when it holds no pixel.
 */
export function objectRegion({ mask, box, heatmap }: Located): Region {
  const inside = new Uint8Array(heatmap.values.length);
  if (mask) mask.forEach((v, p) => (inside[p] = v === 0 ? 0 : 1));
  else if (box) fill(inside, box, heatmap);
  return regionOf(inside, mask ? 'mask' : 'box');
}

/**
 * The filled bounding box of a sample's object, cut at the picture's border: its box where there is one, else the smallest that holds its
 * mask. Throws `Undefined` when it holds no pixel.
 */
export function boxRegion({ mask, box, heatmap }: Located): Region {
  const around = box ?? boundingBox(mask!, heatmap.width);
  const inside = new Uint8Array(heatmap.values.length);
  fill(inside, around, heatmap);
  return regionOf(inside, box ? 'box' : 'mask');
}

function boundingBox(mask: Uint8Array, width: number): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, 0, 0];
  mask.forEach((v, p) => {
    if (v === 0) return;
    const [x, y] = [p % width, Math.floor(p / width)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
  });
  return { x0, y0, x1, y1 };
}

function fill(inside: Uint8Array, box: Box, { height, width }: Located['heatmap']): void {
  for (let y = Math.max(0, box.y0); y < Math.min(height, box.y1); y++)
    inside.fill(1, y * width + Math.max(0, box.x0), y * width + Math.min(width, box.x1));
}

function regionOf(inside: Uint8Array, what: 'mask' | 'box'): Region {
  const area = inside.reduce((n, v) => n + v, 0);
  if (area === 0) throw new Undefined(`the object's ${what} is empty`);
  return { inside, area };
}
