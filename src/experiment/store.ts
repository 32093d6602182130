import { appendFileSync, closeSync, ftruncateSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Curve } from '../../metrics/metric.ts';
import type { Row } from '../../reports/row.ts';

/** The result of a finished unit, one line of units.jsonl. */
export interface UnitRecord {
  readonly key: string;
  /** Hash by id of every sample that the result depends on: its own, and another that an attack looked at. */
  readonly samples: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  readonly curves: Readonly<Record<string, Curve>>;
}

/** Finished units on disk; what was appended survives the death of the process. */
export interface Store {
  get(key: string): UnitRecord | undefined;
  append(record: UnitRecord): void;
  close(): void;
}

const fileName = 'units.jsonl';
const newline = 10;

/** Everything that a run leaves in its folder. */
const leavings = [
  fileName,
  'maps',
  'results.csv',
  'results.parquet',
  'summary.csv',
  'pairwise.csv',
  'ranks.csv',
  'tables',
  'charts',
  'heatmaps',
  'report.html',
  'report',
  'run.json',
];

/** Deletes what an earlier run left in a folder, and nothing else. */
export async function clear(folder: string): Promise<void> {
  for (const name of leavings) await rm(join(folder, name), { recursive: true, force: true });
}

function parse(line: string): UnitRecord | undefined {
  try {
    return JSON.parse(line) as UnitRecord;
  } catch {
    return undefined;
  }
}

/** Opens the store of a folder. A last line that was cut off by a kill is taken away; a line that is damaged counts as not there. */
export async function openStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, fileName);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const end = bytes.lastIndexOf(newline) + 1;
  const records = new Map<string, UnitRecord>();
  for (let start = 0; start < end;) {
    const stop = bytes.indexOf(newline, start);
    const record = parse(bytes.toString('utf8', start, stop));
    if (record) records.set(record.key, record);
    start = stop + 1;
  }
  const descriptor = openSync(file, 'a');
  if (end < bytes.length) ftruncateSync(descriptor, end);
  return {
    get: (key) => records.get(key),
    append(record) {
      // One write, at once: handing it to another thread takes longer than a line does.
      appendFileSync(descriptor, `${JSON.stringify(record)}\n`);
      records.set(record.key, record);
    },
    close: () => closeSync(descriptor),
  };
}
