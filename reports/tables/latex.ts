import type { Section, Table, TableCell, TableColumn } from './build.ts';
import { legend, marks } from './caption.ts';
import { meanText, spreadText } from './cell-text.ts';
import { latexText } from './escape.ts';
import { pagesOf } from './pages.ts';
import { publishedText } from './published.ts';

const styles = { best: '\\textbf', second: '\\underline' } as const;

type Row = Section['rows'][number];

const line = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`;

/** Letters of a column's title on one line. */
const titleWidth = 15;

/** A mean and its exponent, as math where there is one. */
const numbers = (text: string) =>
  latexText(text).replace(/([\d.]+)e(\$-\$)?(\d+)/g, (_, mantissa, minus, exponent) => {
    return `$${mantissa}\\cdot10^{${minus ? '-' : ''}${exponent}}$`;
  });

function meanOf(place: TableCell, column: TableColumn): string {
  const mean = numbers(meanText(place, column));
  const styled = place.standing ? `${styles[place.standing]}{${mean}}` : mean;
  return place.significance ? styled + latexText(marks[place.significance]) : styled;
}

/** A title on as many lines as it needs. */
function wrapped(title: string): string {
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= titleWidth) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const texts = lines.map(latexText);
  return texts.length === 1 ? texts[0] : `\\shortstack{${texts.join('\\\\')}}`;
}

/** One line of headings, each over its columns and underlined by a rule of the same width. */
function headingLines(columns: readonly TableColumn[], level: number): string[] {
  const spans: { text: string; from: number; to: number }[] = [];
  columns.forEach(({ headings }, i) => {
    const last = spans.at(-1);
    const above = (j: number) => columns[j].headings.slice(0, level + 1).join('\n');
    if (last && above(last.from) === above(i)) last.to = i;
    else spans.push({ text: headings[level], from: i, to: i });
  });
  const cells = spans.map(({ text, from, to }) => `\\multicolumn{${to - from + 1}}{c}{${latexText(text)}}`);
  const rules = spans.flatMap(({ text, from, to }) => (text === '' ? [] : [`\\cmidrule(lr){${from + 2}-${to + 2}}`]));
  return [`& ${cells.join(' & ')} \\\\`, rules.join('')];
}

/** The lines of a row: its means, and below what does not stand beside them. */
function rowLines({ title, cells }: Row, { layout, columns }: Table): string[] {
  const spreads = cells.map((place, i) => numbers(spreadText(place, columns[i], layout.spread)));
  const means = cells.map((place, i) => meanOf(place, columns[i]));
  const small = spreads.map((text) => (text === '' ? '' : `{\\scriptsize ${text}}`));
  const below = layout.spread === 'interval' && spreads.some(Boolean) ? [line(['', ...small])] : [];
  const published = cells.map(({ published }, i) =>
    published ? `{\\scriptsize publ. ${numbers(publishedText(published, columns[i].digits))}}` : '',
  );
  if (published.some(Boolean)) below.push(line(['', ...published]));
  const beside = (mean: string, i: number) => (small[i] && layout.spread !== 'interval' ? `${mean} ${small[i]}` : mean);
  return [
    line([latexText(title), ...means.map(beside)]),
    ...below,
    ...(below.length > 0 ? ['\\addlinespace[2pt]'] : []),
  ];
}

/** The part of a table that is on one page; `heading` is what stands above its columns. */
const tabular = (table: Table, heading: readonly string[], sections: readonly Section[]): string[] => [
  // How wide it comes out, only TeX knows.
  '\\sbox0{%',
  `\\begin{tabular}{l${'c'.repeat(table.columns.length)}}`,
  '\\toprule',
  ...heading,
  ...sections.flatMap(({ title, rows }) => [
    '\\midrule',
    ...(title === '' ? [] : [`\\multicolumn{${table.columns.length + 1}}{l}{\\textit{${latexText(title)}}} \\\\`]),
    ...rows.flatMap((row) => rowLines(row, table)),
  ]),
  '\\bottomrule',
  '\\end{tabular}}',
  '\\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi',
];

/**
 * A table as LaTeX, whose first line says which packages the document needs; the best mean is bold, the second underlined, intervals stand below in
 * small letters. What is wider than the text is shrunk to it, and what is taller than a page goes on in further tables with the same number.
 */
export function latex(table: Table): string {
  const { name, layout, columns, sections, caption } = table;
  const levels = columns[0].headings.map((_, level) => level);
  const heading = [
    ...levels.flatMap((level) => headingLines(columns, level)),
    line([latexText(layout.heading), ...columns.map(({ title }) => wrapped(title))]),
  ];
  const words = legend(table, { best: 'Bold: best', second: 'underlined: second' });
  const captions = (page: number) =>
    page === 0
      ? [`\\caption{${latexText(caption)}. ${latexText(words)}}`, `\\label{tab:${name}}`]
      : ['\\addtocounter{table}{-1}', `\\caption{${latexText(caption)}, continued}`];
  const pages = pagesOf(sections, (row) => rowLines(row, table).filter((text) => text.endsWith('\\\\')).length);
  return [
    '% \\usepackage{booktabs,graphicx}',
    ...pages.flatMap((part, page) => [
      '\\begin{table}',
      '\\centering',
      '\\small',
      '\\setlength{\\tabcolsep}{4pt}',
      ...captions(page),
      ...tabular(table, heading, part),
      '\\end{table}',
    ]),
    '',
  ].join('\n');
}
