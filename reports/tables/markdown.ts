import type { Table, TableCell, TableColumn } from './build.ts';
import { legend, marks } from './caption.ts';
import { meanText, spreadText } from './cell-text.ts';
import { markdownText } from './escape.ts';

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
  const titleOf = ({ headings, title }: TableColumn) =>
    markdownText([...headings.filter((heading) => heading !== ''), title].join(': '));
  const lines = [
    ['Explainer', ...columns.map(titleOf)],
    ...sections.flatMap((section) => [
      ...(section.title === '' ? [] : [[`_${markdownText(section.title)}_`, ...columns.map(() => '')]]),
      ...section.rows.map(({ title, cells }) => [
        markdownText(title),
        ...cells.map((place, i) => cellText(place, columns[i])),
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
