import type { Heatmap } from '../src/numeric/heatmap.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import { mapScale } from './map-scale.ts';
import { panelGrid, shownSize } from './panel-grid.ts';
import type { Cell, GridRow } from './panel-grid.ts';
import { mapRaster, overlayRaster, pictureRaster } from './raster.ts';
import type { Row } from './row.ts';

/** A predicted class for a caption. */
export interface Prediction {
  readonly label: string;
  /** In [0,1]. */
  readonly probability: number;
}

/** The maps of one explainer, clean and, after an attack, attacked. */
export interface HeatmapEntry {
  readonly explainer: string;
  readonly map: Heatmap;
  /** What follows is of the attack, where there was one. */
  readonly attack?: string;
  readonly attackedImage?: Tensor;
  readonly attackedPrediction?: Prediction;
  readonly mapAfter?: Heatmap;
  /** The map the attacker aimed at. */
  readonly target?: Heatmap;
}

/** All maps of one sample. */
export interface HeatmapFigure {
  /** Its title. */
  readonly sample: string;
  /** What its rows are found by. */
  readonly of: Pick<Row, 'model' | 'dataset' | 'sample'>;
  /** `[3,H,W]` in [0,1]. */
  readonly image: Tensor;
  readonly prediction?: Prediction;
  readonly entries: readonly HeatmapEntry[];
}

const caption = (prediction: Prediction | undefined): Cell['caption'] =>
  prediction && { text: prediction.label, suffix: `, ${(100 * prediction.probability).toFixed(1)} %` };

const picture = (title: string, image: Tensor, prediction?: Prediction): Cell => ({
  title,
  raster: pictureRaster(image),
  caption: caption(prediction),
});

function attackedRow({ image, prediction }: HeatmapFigure, entry: HeatmapEntry): GridRow {
  const { explainer, attack, map, attackedImage, attackedPrediction, mapAfter, target } = entry;
  const scale = mapScale(mapAfter ? [map, mapAfter] : [map]);
  const targetScale = target && mapScale([target]);
  return {
    name: attack ? [explainer, attack] : [explainer],
    cells: [
      picture('image', image, prediction),
      { title: 'map', raster: mapRaster(map, scale), scale },
      attackedImage && picture('attacked image', attackedImage, attackedPrediction),
      mapAfter && { title: 'map after attack', raster: mapRaster(mapAfter, scale), scale },
      target && { title: 'target of attack', raster: mapRaster(target, targetScale!), scale: targetScale },
    ],
  };
}

const mapCell = (title: string, map: Heatmap): Cell => {
  const scale = mapScale([map]);
  return { title, raster: mapRaster(map, scale), scale };
};

const mostColumns = 5;

function cleanRows({ image, prediction, entries }: HeatmapFigure): GridRow[] {
  const cells = [picture('image', image, prediction), ...entries.map((e) => mapCell(e.explainer, e.map))];
  const rows = Math.ceil(cells.length / mostColumns);
  const columns = Math.ceil(cells.length / rows);
  return Array.from({ length: rows }, (_, r) => ({
    cells: cells.slice(r * columns, (r + 1) * columns),
  }));
}

/**
 * The PNG of one sample: without attacks the image and a map an explainer; with attacks a row an entry of image, map,
 * attacked image, map after the attack on the scale of the map before, and the attack's target.
 */
export function heatmapFigure(figure: HeatmapFigure): Buffer {
  const attacked = figure.entries.some(({ attackedImage, mapAfter }) => attackedImage ?? mapAfter);
  const rows = attacked ? figure.entries.map((entry) => attackedRow(figure, entry)) : cleanRows(figure);
  const [, height, width] = figure.image.shape;
  return panelGrid(figure.sample, rows, shownSize(width, height));
}

/** The PNG of one explanation: image `[3,H,W]`, map, and the map over the grey image. */
export function heatmapPng(image: Tensor, map: Heatmap, title = '', prediction?: Prediction): Buffer {
  const [, height, width] = image.shape;
  const scale = mapScale([map]);
  const cells = [
    picture('image', image, prediction),
    { title: 'map', raster: mapRaster(map, scale), scale },
    { title: 'overlay', raster: overlayRaster(image, map, scale), scale },
  ];
  return panelGrid(title, [{ cells }], shownSize(width, height));
}
