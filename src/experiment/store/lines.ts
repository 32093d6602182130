import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Row } from '../../../reports/row.ts';
import type { Cell } from '../cells.ts';
import type { Hashes } from '../samples.ts';

/** Cells of one unit that were computed together. */
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

/** A line of units.jsonl. Hashes that the units of a batch have in common stand in the first of them; `group` says which they are. */
export interface Line extends Omit<StoredCells, 'samples'> {
  readonly group?: string;
  /** Absent where an earlier line of the group has them. */
  readonly samples?: Hashes;
}

/** Where a line stands in its file. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Hashes of no more samples than these take no more room than the name of a group in two lines. */
const few = 2;

/** Names the group of units that depend on the same samples; undefined for few of them. */
export const groupOf = (samples: Hashes): string | undefined =>
  Object.keys(samples).length > few
    ? createHash('sha256').update(JSON.stringify(samples)).digest('hex').slice(0, 16)
    : undefined;

/** What a line holds; undefined for one that is damaged. */
export function parseLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line>;
    return line.key !== undefined && line.cells && (line.samples ?? line.group) ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}

const newline = 10;

/** The whole lines of a file, with their places. */
export async function* linesOf(file: string): AsyncGenerator<Place & { readonly text: string }> {
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

/** What the lines of a file hold, in their order. */
export async function* storedIn(file: string): AsyncGenerator<StoredCells> {
  const groups = new Map<string, Hashes>();
  for await (const { text } of linesOf(file)) {
    const line = parseLine(text);
    if (!line) continue;
    const { key, group, facts, cells, samples = groups.get(group!) } = line;
    if (!samples) continue;
    if (group !== undefined) groups.set(group, samples);
    yield { key, samples, facts, cells };
  }
}
