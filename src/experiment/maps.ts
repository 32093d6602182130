import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../reports/write.ts';
import { readNpz, writeNpz, type NpyArray } from '../numeric/npy.ts';
import type { Tensor } from '../numeric/tensor.ts';
import type { Attacked } from './batch-work.ts';
import type { Prediction } from './sample-work.ts';

/** What the figure of a unit shows. */
export interface Shown {
  readonly attribution: Tensor;
  readonly prediction: Prediction;
  readonly attacked?: Attacked;
}

/** What the figure of a unit shows, as kept in maps/. */
export interface KeptMaps {
  /** `[C,H,W]`. */
  readonly attribution: Tensor;
  readonly prediction: { readonly index: number; readonly probability: number };
  /** `[3,H,W]`, after an attack. */
  readonly image?: Tensor;
  /** The map that the attack steers to, `[1,H,W]`. */
  readonly targetMap?: Tensor;
}

/** The .npz archive of the maps of a unit. */
export const mapsFile = (folder: string, key: string) => join(folder, 'maps', `${key.slice(0, 32)}.npz`);

// On a copy, since what an engine returns may share memory with it.
const arrayOf = ({ shape, data }: Tensor): NpyArray => ({ shape, data: new Float32Array(data) });

/** Whether the maps of a unit are there; they are written whole or not at all. */
export const hasMaps = (folder: string, key: string): boolean => existsSync(mapsFile(folder, key));

/** The maps of a unit as an .npz archive. */
export function packMaps({ attribution, prediction, attacked }: Shown): Uint8Array {
  const arrays: Record<string, NpyArray> = {
    attribution: arrayOf(attribution),
    prediction: { shape: [2], data: Float64Array.of(prediction.index, prediction.probability) },
  };
  if (attacked) arrays.image = arrayOf(attacked.image);
  if (attacked?.targetMap) arrays.targetMap = arrayOf(attacked.targetMap);
  return writeNpz(arrays);
}

/** Keeps the packed maps of a unit for its figure, so that a resumed run need not attack again. */
export const keepMaps = (folder: string, key: string, packed: Uint8Array): Promise<void> =>
  writeWhole(mapsFile(folder, key), packed);

/** Reads the maps of a unit; undefined where there are none. */
export async function readMaps(folder: string, key: string): Promise<KeptMaps | undefined> {
  if (!hasMaps(folder, key)) return undefined;
  const { attribution, prediction, image, targetMap } = readNpz(
    await readFile(mapsFile(folder, key)),
    `maps of ${key}`,
  );
  const [index, probability] = prediction.data as Float64Array;
  return {
    attribution: attribution as Tensor,
    prediction: { index, probability },
    image: image as Tensor | undefined,
    targetMap: targetMap as Tensor | undefined,
  };
}
