import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { csv } from '../../reports/csv.ts';
import { fileName, uniqueFileNames } from '../../reports/file-names.ts';
import { writeWhole } from '../../reports/write.ts';
import type { Tensor } from '../numeric/tensor.ts';
import { mapsFile, readMaps, type KeptMaps } from './maps.ts';
import type { Plan, Unit } from './plan.ts';

/** The line of index.csv of one unit. */
interface Entry {
  /** Of the .npz and, after an attack, the .png. */
  readonly file: string;
  readonly model: string;
  readonly dataset: string;
  readonly sample: string;
  readonly explainer: string;
  readonly attack: string;
  readonly predictionBefore: number | null;
  readonly probabilityBefore: number | null;
  readonly prediction: number;
  readonly probability: number;
  /** The largest change of a pixel value by rounding to the 8 bits of the .png. */
  readonly rounding: number | null;
}

/** A picture `[3,H,W]` in [0,1] as PNG, each value rounded to the nearest of 256. */
async function png({ shape: [, height, width], data }: Tensor): Promise<{ bytes: Buffer; rounding: number }> {
  const area = height * width;
  const pixels = new Uint8Array(3 * area);
  let rounding = 0;
  for (let p = 0; p < area; p++)
    for (let c = 0; c < 3; c++) {
      const value = data[c * area + p];
      const level = Math.round(255 * value);
      pixels[3 * p + c] = level;
      rounding = Math.max(rounding, Math.abs(level / 255 - value));
    }
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { bytes, rounding };
}

/**
 * Writes under artifacts/ what maps/ keeps of each unit, by readable names: the attribution, the attacked picture and the map that the
 * attack steers to in float32 as .npz, the attacked picture in 8 bits as .png, and index.csv with the predictions before and after.
 * Returns the written files, relative to the folder.
 */
export async function writeArtifacts(plan: Plan, out: string): Promise<string[]> {
  const unique = uniqueFileNames();
  const files: string[] = [];
  const entries: Entry[] = [];
  const clean = new Map<string, KeptMaps['prediction']>();
  const sampleOf = ({ subject, index }: Unit) => [subject.model.name, subject.entry.name, subject.dataset.ids[index]];
  for (const unit of plan.units) {
    const maps = await readMaps(out, unit.key);
    if (!maps) continue;
    const [model, dataset, sample] = sampleOf(unit);
    const id = JSON.stringify([model, dataset, sample]);
    if (!unit.attack) clean.set(id, maps.prediction);
    const [explainer, attack] = [unit.explainer.name, unit.attack?.name ?? 'none'];
    const file = join('artifacts', fileName(model), unique([model, dataset, sample, attack, explainer].join(' ')));
    await writeWhole(join(out, `${file}.npz`), await readFile(mapsFile(out, unit.key)));
    files.push(`${file}.npz`);
    let rounding: number | null = null;
    if (maps.image) {
      const picture = await png(maps.image);
      rounding = picture.rounding;
      await writeWhole(join(out, `${file}.png`), picture.bytes);
      files.push(`${file}.png`);
    }
    const before = clean.get(id);
    entries.push({
      ...{ file, model, dataset, sample, explainer, attack },
      predictionBefore: before?.index ?? null,
      probabilityBefore: before?.probability ?? null,
      prediction: maps.prediction.index,
      probability: maps.prediction.probability,
      rounding,
    });
  }
  const columns = [
    ...([
      'file',
      'model',
      'dataset',
      'sample',
      'explainer',
      'attack',
      'predictionBefore',
      'probabilityBefore',
    ] as const),
    ...(['prediction', 'probability', 'rounding'] as const),
  ];
  await writeWhole(join(out, 'artifacts', 'index.csv'), csv(entries, columns));
  return [...files, join('artifacts', 'index.csv')];
}
