import type { RowsHeader, RowsHeaderCell } from '../rows.ts';
import type { RowsChunk } from '../data.ts';
import { unpack } from './unpack.ts';

/** The values of one metric of one explainer and attack, by place of the sample. */
export interface RowsCell extends Pick<RowsHeaderCell, 'explainer' | 'attack' | 'metric'> {
  /** NaN where there is none. */
  readonly values: Float32Array;
  /** NaN where there is none; absent for metrics that discard none. */
  readonly discarded?: Float32Array;
  /** Why a value is undefined, by place of the sample. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** All rows of one model and dataset. */
export interface Rows extends Omit<RowsHeader, 'reasons' | 'cells'> {
  readonly cells: readonly RowsCell[];
}

/** The inverse of the writer's byte planes. */
function numbersOf(bytes: Uint8Array): Float32Array {
  const n = bytes.length / 4;
  const together = new Uint8Array(bytes.length);
  for (let plane = 0; plane < 4; plane++) for (let i = 0; i < n; i++) together[4 * i + plane] = bytes[plane * n + i];
  return new Float32Array(together.buffer);
}

/** A value that is made at its first use. */
function later<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Reads a chunk; numbers become numbers when they are looked at. */
export async function openRows({ packed }: RowsChunk): Promise<Rows> {
  const buffer = await unpack(packed);
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  const { reasons, cells, ...header } = JSON.parse(text) as RowsHeader;
  const size = 4 * header.samples.length;
  let offset = 4 + length;
  const next = () => {
    const bytes = new Uint8Array(buffer, offset, size);
    offset += size;
    return later(() => numbersOf(bytes));
  };
  return {
    ...header,
    cells: cells.map(({ undefined: flat, discarded, explainer, attack, metric }) => {
      const values = next();
      const shares = discarded ? next() : undefined;
      const why = later(() => {
        const map = new Map<number, string>();
        for (let i = 0; i < flat.length; i += 2) map.set(flat[i], reasons[flat[i + 1]]);
        return map;
      });
      return {
        explainer,
        attack,
        metric,
        get values() {
          return values();
        },
        get discarded() {
          return shares?.();
        },
        get reasons() {
          return why();
        },
      };
    }),
  };
}
