import { parse } from 'csv-parse/sync';

/** What CSV has for a field: a number where `numbers` names its column (null for an empty cell), else text. */
type Line<T extends string, N extends string> = Record<T, string> & Record<N, number | null>;

/** The lines of a CSV that `csv` wrote, with camel-case keys. Throws where a column is missing. */
export function readCsv<T extends string, N extends string = never>(
  text: string,
  texts: readonly T[],
  numbers: readonly N[] = [],
): Line<T, N>[] {
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (parse(text, { columns: true }) as Record<string, string | undefined>[]).map((line) => {
    const cell = (key: string) => {
      const found = line[snake(key)];
      if (found === undefined) throw new Error(`there is no column ${snake(key)}`);
      return found;
    };
    const number = (key: string) => (cell(key) === '' ? null : Number(cell(key)));
    return Object.fromEntries([
      ...texts.map((key) => [key, cell(key)]),
      ...numbers.map((key) => [key, number(key)]),
    ]) as Line<T, N>;
  });
}
