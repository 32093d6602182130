type Cell = string | number | null;

/** Values of one key: numbers, with infinities as strings since JSON has none, or places in a list of the different strings. */
type Column =
  | { readonly numbers: readonly (number | string | null)[] }
  | { readonly words: readonly string[]; readonly at: readonly number[] };

/** A table as JSON holds it compactly: one column a key. */
export interface Columns {
  readonly length: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Seven significant digits, which is what float32 holds. */
const rounded = (v: number): number | string => (Number.isFinite(v) ? Number(v.toPrecision(7)) : String(v));

function column(values: readonly Cell[]): Column {
  if (!values.some((v) => typeof v === 'string'))
    return { numbers: values.map((v) => (typeof v === 'number' ? rounded(v) : null)) };
  const places = new Map<string, number>();
  const at = values.map((v) => {
    const word = String(v);
    if (!places.has(word)) places.set(word, places.size);
    return places.get(word)!;
  });
  return { words: [...places.keys()], at };
}

/** The given keys of items whose values are strings, numbers or null. */
export function toColumns<T extends object>(items: readonly T[], keys: readonly (keyof T & string)[]): Columns {
  const entries = keys.map((key) => [key, column(items.map((item) => item[key] as Cell))] as const);
  return { length: items.length, columns: Object.fromEntries(entries) };
}

/** The items again, their numbers to seven digits. */
export function fromColumns<T>({ length, columns }: Columns): T[] {
  const entries = Object.entries(columns).map(([key, column]): [string, readonly Cell[]] => [
    key,
    'words' in column
      ? column.at.map((i) => column.words[i])
      : column.numbers.map((v) => (typeof v === 'string' ? Number(v) : v)),
  ]);
  return Array.from({ length }, (_, i) => Object.fromEntries(entries.map(([key, values]) => [key, values[i]])) as T);
}
