import { endianness } from 'node:os';
import type { ResultCell } from '../result-cell.ts';
import type { RowsChunk } from './data.ts';
import { pack } from './pack.ts';

/** What comes before the numbers of a subject's rows. */
export interface RowsHeader {
  readonly samples: readonly string[];
  readonly labels: readonly (number | '')[];
  readonly predictions: readonly number[];
  readonly targets: readonly number[];
  readonly reasons: readonly string[];
  readonly cells: readonly RowsHeaderCell[];
}

export interface RowsHeaderCell {
  readonly explainer: string;
  readonly attack: string;
  readonly metric: string;
  /** Pairs of a sample's place and its reason's place, flat. */
  readonly undefined: readonly number[];
  /** Whether shares of discarded neighbours follow the values. */
  readonly discarded: boolean;
}

/** Places of strings in the order of first use. */
function places() {
  const known = new Map<string, number>();
  const placeOf = (word: string) => {
    if (!known.has(word)) known.set(word, known.size);
    return known.get(word)!;
  };
  return { placeOf, words: () => [...known.keys()] };
}

/** The four bytes of numbers apart, all first bytes first: the exponents lie together then, and deflate better. */
function planes(numbers: Float32Array): Uint8Array {
  const bytes = new Uint8Array(numbers.buffer);
  if (endianness() === 'BE') Buffer.from(numbers.buffer).swap32();
  const apart = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) apart[(i % 4) * numbers.length + Math.floor(i / 4)] = bytes[i];
  return apart;
}

/**
 * The rows of one model on one dataset: the length of the header (uint32, little-endian), the header as JSON, and for each cell its
 * values by sample, NaN where there is none, and its shares of discarded neighbours if it has any, as float32 in byte planes.
 */
export function packRows(cells: readonly ResultCell[]): { chunk: RowsChunk; samples: number } {
  const sampleAt = places();
  const reasonAt = places();
  for (const { rows } of cells) for (const { sample } of rows) sampleAt.placeOf(sample);
  const samples = sampleAt.words();
  const [labels, predictions, targets] = [
    Array<number | ''>(samples.length),
    Array<number>(samples.length),
    Array<number>(samples.length),
  ];
  const parts: Uint8Array[] = [];
  const headerCells = cells.map(({ explainer, attack, metric, rows }): RowsHeaderCell => {
    const values = new Float32Array(samples.length).fill(NaN);
    const shares = new Float32Array(samples.length).fill(NaN);
    const undefinedAt: number[] = [];
    for (const { sample, label, prediction, target, value, reason, discarded } of rows) {
      const i = sampleAt.placeOf(sample);
      [labels[i], predictions[i], targets[i]] = [label, prediction, target];
      if (value === null) undefinedAt.push(i, reasonAt.placeOf(reason));
      values[i] = value ?? NaN;
      shares[i] = discarded ?? NaN;
    }
    const discarded = rows.some((row) => row.discarded !== null);
    parts.push(planes(values));
    if (discarded) parts.push(planes(shares));
    return { explainer, attack, metric, undefined: undefinedAt, discarded };
  });
  const header: RowsHeader = { samples, labels, predictions, targets, reasons: reasonAt.words(), cells: headerCells };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return { chunk: { packed: pack(Buffer.concat([length, text, ...parts])) }, samples: samples.length };
}
