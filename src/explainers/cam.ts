import { z } from 'zod';
import { grad, reduceSum, resize, type Node } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { targetLogit, type AttributionContext } from './explainer.ts';
import { asPicture, targetLayer } from './layers.ts';

/** Options of the CAM family. */
export const camOptions = z.strictObject({
  /** Target layer; by default the last activation with more than one position. */
  layer: z.string().optional(),
});
export type CamOptions = z.infer<typeof camOptions>;

/** The feature maps A of the target layer and the gradient of the logit in them, `[N,K,h,w]` each; tokens as a picture. */
export function mapsAndGradient({ model, target, options }: AttributionContext<CamOptions>): [maps: Node, grad: Node] {
  const maps = targetLayer(model, options.layer);
  const [gradient] = grad(targetLogit(model, target), [maps]);
  return [asPicture(model, maps, maps), asPicture(model, maps, gradient)];
}

/** The sum over channels: `[N,K,h,w]` -> `[N,1,h,w]`. */
export const overChannels = (maps: Node): Node => reduceSum(maps, [1], true);

/** The sum over positions: `[N,K,h,w]` -> `[N,K,1,1]`. */
export const overPositions = (maps: Node): Node => reduceSum(maps, [2, 3], true);

/** A map `[N,1,h,w]` resized bilinearly to the size of the picture. */
export const toPicture = (map: Node, model: Model): Node => resize(map, model.size);
