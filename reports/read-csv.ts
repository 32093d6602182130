import { parse } from 'csv-parse/sync';

/** What CSV has for its columns: numbers in some, null for an empty cell, and text in the others. */
type Line<C extends string, N extends C> = Record<Exclude<C, N>, string> & Record<N, number | null>;

/** Some columns of a CSV that `csv` wrote, with camel-case keys; `numbers` are those that hold numbers. Throws where a column is missing. */
export function readCsv<C extends string, N extends C>(
  text: string,
  columns: readonly C[],
  numbers: readonly N[],
): Line<C, N>[] {
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (parse(text, { columns: true }) as Record<string, string | undefined>[]).map((line) => {
    const cell = (key: string) => {
      const found = line[snake(key)];
      if (found === undefined) throw new Error(`there is no column ${snake(key)}`);
      return found;
    };
    const number = (key: string) => (cell(key) === '' ? null : Number(cell(key)));
    const holdsNumbers = new Set<string>(numbers);
    return Object.fromEntries(columns.map((key) => [key, holdsNumbers.has(key) ? number(key) : cell(key)])) as Line<
      C,
      N
    >;
  });
}
