import { stringify } from 'csv-stringify/sync';

/** The text of a CSV file: a header, in snake case, and one line an item; null is an empty cell. */
export function csv<T extends object>(items: readonly T[], columns: readonly (keyof T & string)[]): string {
  return stringify(items as T[], {
    header: true,
    columns: columns.map((key) => ({
      key,
      header: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    })),
  });
}
