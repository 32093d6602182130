import { appendFileSync, closeSync, createReadStream, ftruncateSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row } from '../../reports/row.ts';
import { makeFolder } from '../../reports/write.ts';
import type { Cell } from './cells.ts';
import type { Hashes } from './samples.ts';

/** Cells of one unit that were computed together, one line of units.jsonl. */
export interface StoredCells {
  /** Of the unit. */
  readonly key: string;
  /** Every sample that the cells depend on: their own, those that were attacked together with it, and others that the attack looked at. */
  readonly samples: Hashes;
  /** What all rows of the unit have in common. */
  readonly facts: Pick<Row, 'label' | 'prediction' | 'target'>;
  /** By the key of the cell. */
  readonly cells: Readonly<Record<string, Cell>>;
}

/** Finished work on disk; what was appended survives the death of the process. Memory holds where the lines are, not what is in them. */
export interface Store {
  /** What there is of a unit, oldest first. */
  get(key: string): StoredCells[];
  append(cells: StoredCells): void;
  close(): void;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

const fileName = 'units.jsonl';
const newline = 10;

/** Everything that a run leaves in its folder. */
const leavings = [
  'queue-id',
  'shard.json',
  fileName,
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

function parse(line: string): StoredCells | undefined {
  try {
    const stored = JSON.parse(line) as Partial<StoredCells>;
    return stored.key !== undefined && stored.cells ? (stored as StoredCells) : undefined;
  } catch {
    return undefined;
  }
}

/** The whole lines of a file, with their places. */
async function* linesOf(file: string): AsyncGenerator<Place & { readonly text: string }> {
  let rest = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let stop; (stop = bytes.indexOf(newline, start)) >= 0; start = stop + 1)
      yield { offset: offset + start, length: stop - start, text: bytes.toString('utf8', start, stop) };
    rest = bytes.subarray(start);
    offset += start;
  }
}

/** Opens the store of a folder. A last line that was cut off by a kill is taken away; a line that is damaged counts as not there. */
export async function openStore(folder: string): Promise<Store> {
  await makeFolder(folder);
  const file = join(folder, fileName);
  const descriptor = openSync(file, 'a+');
  const places = new Map<string, Place[]>();
  let end = 0;
  const note = (key: string, { offset, length }: Place) => {
    const known = places.get(key);
    if (known) known.push({ offset, length });
    else places.set(key, [{ offset, length }]);
    end = offset + length + 1;
  };
  for await (const line of linesOf(file)) {
    const stored = parse(line.text);
    if (stored) note(stored.key, line);
    end = line.offset + line.length + 1;
  }
  ftruncateSync(descriptor, end);

  function read({ offset, length }: Place): StoredCells {
    const bytes = Buffer.alloc(length);
    readSync(descriptor, bytes, 0, length, offset);
    return JSON.parse(bytes.toString('utf8')) as StoredCells;
  }

  return {
    get: (key) => (places.get(key) ?? []).map(read),
    append(cells) {
      // One write, at once: handing it to another thread takes longer than a line does.
      const line = Buffer.from(`${JSON.stringify(cells)}\n`);
      try {
        appendFileSync(descriptor, line);
      } catch (error) {
        // A full disk may have taken a part of it, behind which no other line must stand.
        ftruncateSync(descriptor, end);
        throw error;
      }
      note(cells.key, { offset: end, length: line.length - 1 });
    },
    close: () => closeSync(descriptor),
  };
}
