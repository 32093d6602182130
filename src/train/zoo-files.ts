import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../reports/write.ts';

/** What `index.json` says of a net of the zoo. */
export interface ZooEntry {
  /** The ONNX file, beside the index. */
  readonly file: string;
  readonly preprocessing: { readonly mean: readonly number[]; readonly std: readonly number[] };
  readonly classes: readonly string[];
  /** The share of the first 2,000 scenes of the split `test` that it classifies rightly. */
  readonly accuracy: number;
  /** Wilson's 95 % interval of the accuracy. */
  readonly interval: readonly [low: number, high: number];
  /** Size of the ONNX file. */
  readonly bytes: number;
  /** How the net was made. */
  readonly command: string;
  readonly seed: number;
}

async function readIndex(file: string): Promise<Record<string, ZooEntry>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, ZooEntry>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Puts a net into a zoo's folder and its entry into the `index.json` there; other entries stay. */
export async function writeZooNet(folder: string, name: string, bytes: Uint8Array, entry: ZooEntry): Promise<void> {
  const index = join(folder, 'index.json');
  const entries = { ...(await readIndex(index)), [name]: entry };
  const sorted = Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeWhole(join(folder, entry.file), bytes);
  await writeWhole(index, `${JSON.stringify(sorted, null, 2)}\n`);
}
