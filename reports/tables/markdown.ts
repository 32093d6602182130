import type { Table, TableCell, TableColumn } from './build.ts';
import { legend, marks } from './caption.ts';
import { meanText, spreadText } from './cell-text.ts';
import { markdownText } from './escape.ts';
import { publishedText } from './published.ts';

const styles = { best: ['**', '**'], second: ['<ins>', '</ins>'] } as const;

/** A table as Markdown (GitHub's): the best mean is bold, the second underlined; headings over columns stand before their titles. */
export function markdown(table: Table): string {
  const { layout, columns, sections, caption } = table;
  const cellText = (place: TableCell, column: TableColumn) => {
    const [open, close] = place.standing ? styles[place.standing] : ['', ''];
    const mark = place.significance ? marks[place.significance] : '';
    const spread = spreadText(place, column, layout.spread);
    return `${open}${meanText(place, column)}${close}${mark}${spread && ` ${spread}`}`;
  };
  const publishedOf = ({ published }: TableCell, { digits }: TableColumn) =>
    published ? publishedText(published, digits) : '';
  /** What a column holds, and what stands beside it where the table has published values. */
  const beside = (text: string, published: string) => (layout.published ? [text, published] : [text]);
  const titleOf = ({ headings, title }: TableColumn) =>
    markdownText([...headings.filter((heading) => heading !== ''), title].join(': '));
  const lines = [
    [markdownText(layout.heading), ...columns.flatMap((column) => beside(titleOf(column), 'published'))],
    ...sections.flatMap((section) => [
      ...(section.title === '' ? [] : [[`_${markdownText(section.title)}_`, ...columns.flatMap(() => beside('', ''))]]),
      ...section.rows.map(({ title, cells }) => [
        markdownText(title),
        ...cells.flatMap((place, i) => beside(cellText(place, columns[i]), publishedOf(place, columns[i]))),
      ]),
    ]),
  ];
  const widths = lines[0].map((_, c) => Math.max(...lines.map((line) => line[c].length)));
  const [head, ...body] = lines.map(
    (line) => `| ${line.map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c]))).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width, c) => (c === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const words = legend(table, { best: 'Bold: best', second: 'underlined: second' });
  return `${markdownText(caption)}. ${markdownText(words)}\n\n${[head, rule, ...body].join('\n')}\n`;
}
