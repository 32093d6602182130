import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../numeric/errors.ts';

/** A row of a CSV file and the line on which it ends. */
export interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

interface Parsed {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

/**
 * Reads a CSV file with a header line. Throws `UserError` naming the file and the line when it cannot be read or parsed, or when
 * one of the `required` columns is missing.
 */
export async function readTable(file: string, required: readonly string[]): Promise<Row[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot be read (${error.code}); give the path of a CSV file`);
  });
  let header: string[] = [];
  try {
    const parsed = parse(text, {
      bom: true,
      columns: (names: string[]) => (header = names.map((name) => name.trim())),
      info: true,
      skip_empty_lines: true,
    }) as unknown as Parsed[];
    const missing = required.find((name) => !header.includes(name));
    if (missing)
      throw new UserError(
        `${file}, line 1: no column "${missing}" (found: ${header.join(', ')}); the header needs ${required.join(', ')}`,
      );
    return parsed.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // It quotes the field, which may be all of a file that is no CSV.
    const reason = error.message.replace(/\p{Cc}|\uFFFD/gu, '').slice(0, 200);
    throw new UserError(`${file}: ${reason}; correct that line`);
  }
}

/** Class names by label, of a CSV with the columns `label` and `name`; a label that is not there leaves a hole. */
export async function readNames(file: string): Promise<string[]> {
  const names: string[] = [];
  for (const row of await readTable(file, ['label', 'name'])) names[wholeNumber(file, row, 'label')] = row.cells.name;
  return names;
}

/** A whole number of a row, at least 0. Throws `UserError` naming file, line and column. */
export function wholeNumber(file: string, { line, cells }: Row, column: string): number {
  const text = cells[column].trim();
  if (!/^\d+$/.test(text))
    throw new UserError(`${file}, line ${line}: ${column} "${text}" is not a whole number of at least 0`);
  return Number(text);
}
