import { stringify } from 'csv-stringify/sync';

const partSize = 10_000;

/** The text of a CSV file in parts: a header, in snake case, and one line an item; null is an empty cell. */
export function* csvParts<T extends object>(
  items: readonly T[],
  columns: readonly (keyof T & string)[],
): Generator<string> {
  const named = columns.map((key) => ({
    key,
    header: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  }));
  yield stringify([], { header: true, columns: named });
  for (let i = 0; i < items.length; i += partSize) yield stringify(items.slice(i, i + partSize), { columns: named });
}

/** The text of a CSV file. */
export const csv = <T extends object>(items: readonly T[], columns: readonly (keyof T & string)[]): string =>
  [...csvParts(items, columns)].join('');
