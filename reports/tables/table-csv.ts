import { stringify } from 'csv-stringify/sync';
import type { Table } from './build.ts';

/** A table as CSV: a line a row, unrounded; beside each mean its interval, the number of values, its standing and the mark of significance. */
export function tableCsv({ layout, columns, sections }: Table): string {
  const grouped = sections.some(({ title }) => title !== '');
  const titles = columns.flatMap(({ headings, title }) => {
    const whole = [...headings.filter((heading) => heading !== ''), title].join(': ');
    const beside = layout.published ? ['published', 'difference'] : [];
    return [whole, ...['low', 'high', 'n', 'standing', 'better than', ...beside].map((what) => `${whole} ${what}`)];
  });
  const lines = sections.flatMap((section) =>
    section.rows.map(({ title, cells }) => [
      ...(grouped ? [section.title] : []),
      title,
      ...cells.flatMap(({ cell, standing, significance, published }, i) => {
        const scaled = (value: number | null | undefined) =>
          value === null || value === undefined ? '' : value * columns[i].scale;
        const ends = [cell?.mean, cell?.low, cell?.high].map(scaled);
        const beside = published ? [published.value ?? '', published.difference ?? ''] : [];
        return [...ends, cell?.n ?? '', standing ?? '', significance ?? '', ...beside];
      }),
    ]),
  );
  return stringify([[...(grouped ? ['group'] : []), layout.heading.toLowerCase(), ...titles], ...lines]);
}
