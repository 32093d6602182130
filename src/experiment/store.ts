import { appendFileSync, closeSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../reports/write.ts';
import type { Hashes } from './samples.ts';
import { groupOf, linesOf, parseLine, type Line, type Place, type StoredCells } from './store/lines.ts';

export type { StoredCells } from './store/lines.ts';

/** Finished work on disk; what was appended survives the death of the process. Memory holds where the lines are, not what is in them. */
export interface Store {
  /** What there is of a unit, oldest first. */
  get(key: string): StoredCells[];
  append(cells: StoredCells): void;
  close(): void;
}

/** The file of a folder's store. */
export const storeFile = (folder: string): string => join(folder, 'units.jsonl');

/** Everything that a run leaves in its folder. */
const leavings = [
  'queue-id',
  'shard.json',
  'units.jsonl',
  'maps',
  'cache',
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
  'artifacts',
  'run.json',
];

/** Deletes what an earlier run left in a folder, and nothing else. */
export async function clear(folder: string): Promise<void> {
  for (const name of leavings) await rm(join(folder, name), { recursive: true, force: true });
}

/** Opens the store of a folder. A last line that was cut off by a kill is taken away; a line that is damaged counts as not there. */
export async function openStore(folder: string): Promise<Store> {
  await makeFolder(folder);
  const file = storeFile(folder);
  const descriptor = openSync(file, 'a+');
  const places = new Map<string, Place[]>();
  /** The lines that have the hashes of a group. */
  const groups = new Map<string, Place>();
  let end = 0;
  let latest: { readonly group: string; readonly samples: Hashes } | undefined;

  function note({ key, group, samples }: Line, { offset, length }: Place): void {
    if (group !== undefined && samples && !groups.has(group)) groups.set(group, { offset, length });
    if (!samples && !groups.has(group!)) return;
    const known = places.get(key);
    if (known) known.push({ offset, length });
    else places.set(key, [{ offset, length }]);
  }
  for await (const line of linesOf(file)) {
    const parsed = parseLine(line.text);
    if (parsed) note(parsed, line);
    end = line.offset + line.length + 1;
  }
  ftruncateSync(descriptor, end);

  function lineAt({ offset, length }: Place): Line {
    const bytes = Buffer.alloc(length);
    readSync(descriptor, bytes, 0, length, offset);
    return JSON.parse(bytes.toString('utf8')) as Line;
  }

  function samplesOf(group: string): Hashes {
    if (latest?.group !== group) latest = { group, samples: lineAt(groups.get(group)!).samples! };
    return latest.samples;
  }

  function read(place: Place): StoredCells {
    const { key, group, facts, cells, samples = samplesOf(group!) } = lineAt(place);
    return { key, samples, facts, cells };
  }

  return {
    get: (key) => (places.get(key) ?? []).map(read),
    append({ key, samples, facts, cells }) {
      const group = groupOf(samples);
      const known = group !== undefined && groups.has(group);
      const line: Line = { ...(group && { group }), key, ...(known ? {} : { samples }), facts, cells };
      // One write, at once: handing it to another thread takes longer than a line does.
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      try {
        appendFileSync(descriptor, bytes);
      } catch (error) {
        // A full disk may have taken a part of it, behind which no other line must stand.
        ftruncateSync(descriptor, end);
        throw error;
      }
      note(line, { offset: end, length: bytes.length - 1 });
      end += bytes.length;
    },
    close: () => closeSync(descriptor),
  };
}
