import { uniqueFileNames } from '../file-names.ts';
import { buildTables } from './build.ts';
import type { Content } from './content.ts';
import { defaultLayouts } from './default.ts';
import { latex } from './latex.ts';
import type { TableLayout } from './layout.ts';
import { markdown } from './markdown.ts';
import { tableCsv } from './table-csv.ts';

export { namesOf, type Cell, type Content, type Names, type Verdict } from './content.ts';
export { tableLayout, type TableLayout } from './layout.ts';

/** The formats that a table is written in, by the ending of its file. */
export const tableFormats = { md: markdown, tex: latex, csv: tableCsv } as const;

export type TableFormat = keyof typeof tableFormats;

/** One table in one format. */
export interface TableFile {
  readonly path: string;
  readonly text: string;
}

/** The tables of some layouts, or of the default ones, in some formats. */
export function tableFiles(
  content: Content,
  layouts: readonly TableLayout[] | undefined,
  formats: readonly TableFormat[] = ['md', 'tex', 'csv'],
): TableFile[] {
  const unique = uniqueFileNames();
  return (layouts ?? defaultLayouts(content.cells))
    .flatMap((layout) => buildTables(content, layout))
    .flatMap((table) => {
      const name = unique(table.name);
      return formats.map((format) => ({ path: `${name}.${format}`, text: tableFormats[format]({ ...table, name }) }));
    });
}
