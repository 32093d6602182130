import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { UserError } from '../../numeric/errors.ts';
import type { Hashes } from '../samples.ts';
import { storeFile } from '../store.ts';
import { storedIn } from '../store/lines.ts';
import type { Compared } from './compare-rows.ts';

type Line = Readonly<Record<string, string>>;

async function eachLine(folder: string, use: (unit: string, line: Line) => void): Promise<void> {
  await pipeline(
    createReadStream(join(folder, 'results.csv')),
    parse({ columns: true }),
    async (lines: AsyncIterable<Line>) => {
      for await (const line of lines) {
        const { model, dataset, sample, explainer, attack } = line;
        use([model, dataset, sample, explainer, attack].join('/'), line);
      }
    },
  ).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${folder}: results.csv cannot be read (${error.code ?? error.message})`, { cause: error });
  });
}

/** The units that have rows in results.csv, as the plan describes them. */
export async function readUnits(folder: string): Promise<string[]> {
  const units = new Set<string>();
  await eachLine(folder, (unit) => units.add(unit));
  return [...units];
}

const number = (text: string) => (text === '' ? null : Number(text));

/** The rows of some units in results.csv. */
export async function readRows(folder: string, units: readonly string[]): Promise<Map<string, Compared[]>> {
  const found = new Map(units.map((unit): [string, Compared[]] => [unit, []]));
  await eachLine(folder, (unit, { metric, label, prediction, target, value, reason, discarded }) =>
    found.get(unit)?.push({
      ...{ metric, reason, value: number(value), discarded: number(discarded) },
      ...{ label: number(label) ?? '', prediction: Number(prediction), target: Number(target) },
    }),
  );
  return found;
}

/** Hashes, by id, of the samples that some units depended on, by the unit's key; of a unit of another version there are none. */
export async function readSampleHashes(folder: string, keys: ReadonlySet<string>): Promise<Map<string, Hashes>> {
  const found = new Map<string, Hashes>();
  // A run may have been copied without its store.
  if (!existsSync(storeFile(folder))) return found;
  for await (const { key, samples } of storedIn(storeFile(folder)))
    if (keys.has(key)) found.set(key, { ...found.get(key), ...samples });
  return found;
}
