import { Undefined } from '../src/numeric/errors.ts';
import type { MapContext } from './metric.ts';

/** The object's pixels: `H*W` values, 1 inside and 0 outside, and the number of ones. */
export interface Region {
  readonly inside: Uint8Array;
  readonly area: number;
}

/**
 * The object of a sample: its mask (whatever is not 0) where there is one, else its filled box, cut at the picture's border. Throws
 * `Undefined` when it holds no pixel.
 */
export function objectRegion({ mask, box, heatmap }: Pick<MapContext<unknown>, 'mask' | 'box' | 'heatmap'>): Region {
  const { height, width } = heatmap;
  const inside = new Uint8Array(height * width);
  if (mask) mask.forEach((v, p) => (inside[p] = v === 0 ? 0 : 1));
  else if (box)
    for (let y = Math.max(0, box.y0); y < Math.min(height, box.y1); y++)
      inside.fill(1, y * width + Math.max(0, box.x0), y * width + Math.min(width, box.x1));
  const area = inside.reduce((n, v) => n + v, 0);
  if (area === 0) throw new Undefined(`the object's ${mask ? 'mask' : 'box'} is empty`);
  return { inside, area };
}
