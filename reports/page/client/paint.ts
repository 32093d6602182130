import { diverging, noValue, sequential, type Rgb } from '../../colormap.ts';
import type { PackedMap } from '../data.ts';
import { h } from './dom.ts';

/** A map with its bytes: 127 is the limit of its scale, -128 is NaN. */
export interface OpenMap extends Omit<PackedMap, 'packed'> {
  readonly bytes: Int8Array;
}

/** How maps are shown: as they are, or without their signs. */
export type View = 'signed' | 'absolute';

const bothSigns = ({ signed }: Pick<OpenMap, 'signed'>, view: View) => signed && view === 'signed';

/** Colour of each byte, from -128 to 127. */
function coloursOf(map: Pick<OpenMap, 'signed'>, view: View): (byte: number) => Rgb {
  const table = Array.from({ length: 256 }, (_, i): Rgb => {
    const t = (i - 128) / 127;
    if (i === 0) return noValue;
    return bothSigns(map, view) ? diverging(t) : sequential(Math.abs(t));
  });
  return (byte) => table[byte + 128];
}

/** A map as a canvas of its own size; as an `overlay` it is the more opaque the larger the absolute value. */
export function paintMap(map: OpenMap, view: View, label: string, overlay?: 'overlay'): HTMLCanvasElement {
  const { width, height, bytes } = map;
  const canvas = h('canvas', { width, height, role: 'img', 'aria-label': label });
  const colour = coloursOf(map, view);
  const image = new ImageData(width, height);
  for (let p = 0; p < bytes.length; p++) {
    const strength = bytes[p] === -128 ? 0 : Math.abs(bytes[p]) / 127;
    image.data.set([...colour(bytes[p]), overlay ? 255 * Math.sqrt(strength) : 255], 4 * p);
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

/** The colours of a scale from its least to its largest value. */
export function paintBar(map: Pick<OpenMap, 'signed'>, view: View): HTMLCanvasElement {
  const both = bothSigns(map, view);
  const colour = coloursOf(map, view);
  const canvas = h('canvas', { width: 128, height: 1, class: 'bar', 'aria-hidden': 'true' });
  const image = new ImageData(128, 1);
  for (let x = 0; x < 128; x++) image.data.set([...colour(both ? 2 * x - 127 : x), 255], 4 * x);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

/** What stands under the ends and the middle of the bar. */
export const barEnds = (map: Pick<OpenMap, 'signed' | 'limit'>, view: View): readonly number[] =>
  bothSigns(map, view) ? [-map.limit, 0, map.limit] : [0, map.limit];
