import { createCanvas } from '@napi-rs/canvas';
import type { Canvas } from '@napi-rs/canvas';
import type { Heatmap } from '../src/numeric/heatmap.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import { noValue, type Rgb } from './colormap.ts';
import type { MapScale } from './map-scale.ts';

function raster(width: number, height: number, colour: (pixel: number) => Rgb): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let p = 0; p < width * height; p++) image.data.set([...colour(p), 255], 4 * p);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A picture `[3,H,W]` in [0,1] as a canvas of its own size. */
export function pictureRaster({ shape: [, height, width], data }: Tensor): Canvas {
  const size = height * width;
  return raster(width, height, (p) => [255 * data[p], 255 * data[p + size], 255 * data[p + 2 * size]]);
}

/** A map in the colours of its scale, as a canvas of its own size. NaN is grey. */
export function mapRaster({ height, width, values }: Heatmap, { limit, colormap }: MapScale): Canvas {
  return raster(width, height, (p) =>
    Number.isNaN(values[p]) ? noValue : colormap(limit > 0 ? values[p] / limit : 0),
  );
}

/** The picture in grey with the map over it, the more opaque the larger the absolute value. */
export function overlayRaster({ shape: [, height, width], data }: Tensor, map: Heatmap, scale: MapScale): Canvas {
  const size = height * width;
  return raster(width, height, (p) => {
    const row = Math.floor((Math.floor(p / width) * map.height) / height);
    const column = Math.floor(((p % width) * map.width) / width);
    const value = map.values[row * map.width + column];
    const grey = 255 * (0.2126 * data[p] + 0.7152 * data[p + size] + 0.0722 * data[p + 2 * size]);
    const t = scale.limit > 0 && !Number.isNaN(value) ? value / scale.limit : 0;
    const opacity = 0.85 * Math.sqrt(Math.min(1, Math.abs(t)));
    return scale.colormap(t).map((part) => grey + opacity * (part - grey)) as unknown as Rgb;
  });
}
