import type { Heatmap } from '../../src/numeric/heatmap.ts';
import type { Tensor } from '../../src/numeric/tensor.ts';
import type { HeatmapEntry, HeatmapFigure } from '../heatmap-figure.ts';
import { mapScale, type MapScale } from '../map-scale.ts';
import { pictureRaster } from '../raster.ts';
import type { FigureChunk, FigureChunkEntry, PackedMap } from './data.ts';
import { pack } from './pack.ts';

const picture = (image: Tensor): string =>
  `data:image/png;base64,${pictureRaster(image).toBuffer('image/png').toString('base64')}`;

/** A map in signed bytes of its scale. */
export function packMap({ height, width, values }: Heatmap, { limit, signed, note }: MapScale): PackedMap {
  const bytes = Int8Array.from(values, (v) => {
    if (Number.isNaN(v)) return -128;
    return limit > 0 ? Math.round(127 * Math.min(1, Math.max(-1, v / limit))) : 0;
  });
  return { height, width, packed: pack(new Uint8Array(bytes.buffer)), limit, signed, note };
}

function entryChunk({
  explainer,
  map,
  attackedImage,
  attackedPrediction,
  mapAfter,
  target,
}: HeatmapEntry): FigureChunkEntry {
  const scale = mapScale(mapAfter ? [map, mapAfter] : [map]);
  return {
    explainer,
    map: packMap(map, scale),
    attackedImage: attackedImage && picture(attackedImage),
    attackedPrediction,
    mapAfter: mapAfter && packMap(mapAfter, scale),
    target: target && packMap(target, mapScale([target])),
  };
}

/** A figure as the gallery shows it: pictures as PNG, maps in bytes, those before and after an attack on one scale. */
export function figureChunk({ image, prediction, entries }: HeatmapFigure): FigureChunk {
  const [, height, width] = image.shape;
  return { width, height, image: picture(image), prediction, entries: entries.map(entryChunk) };
}
