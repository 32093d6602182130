import type { Table, TableCell } from './build.ts';

/** How a format shows the best mean and the second in a caption, in words. */
export interface Words {
  readonly best: string;
  readonly second: string;
}

export const marks = { every: '†', most: '‡' } as const;

const spreads = { interval: ', with 95 % intervals', 'standard-error': ' ± standard error', none: '' };

/** Smallest and largest, or both where they are one. */
function span(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** The sentences after a caption: over how many samples, and what the marks that are there mean. */
export function legend({ layout, columns, sections }: Table, { best, second }: Words): string {
  const rows = sections.flatMap((section) => section.rows);
  const cells = rows.flatMap((row) => row.cells);
  const has = (test: (cell: TableCell) => boolean) => cells.some(test);
  const counts = cells.flatMap(({ cell }) => (cell && cell.n > 0 ? [cell.n] : []));
  const standing = has((c) => c.standing === 'second') ? `${best}, ${second}` : best;
  const significant = (['every', 'most'] as const).filter((which) => has((c) => c.significance === which));
  const words = { every: 'better than every other row', most: 'better than most' };
  const test = "Wilcoxon's signed-rank test at 5 %, Holm-corrected";
  const compared = columns.some(({ goal }) => goal) && sections.some((section) => section.rows.length > 1);
  const group = sections.length > 1 ? ' of its group' : '';
  return [
    ...(counts.length > 0
      ? [`Means over ${span(counts)} ${Math.max(...counts) === 1 ? 'sample' : 'samples'}${spreads[layout.spread]}.`]
      : []),
    ...(has((c) => c.standing === 'best') ? [`${standing}${group}.`] : []),
    ...(significant.length > 0
      ? [`${significant.map((which) => `${marks[which]}: ${words[which]}${group}`).join('; ')} (${test}).`]
      : layout.marks && compared
        ? [`No row is shown to be better than most others (${test}).`]
        : []),
    ...(has(({ cell }) => cell !== undefined && cell.mean === null)
      ? ['– (k/m): no mean, k of m samples have a value.']
      : []),
    ...(has(({ cell }) => !cell) ? ['–: not measured.'] : []),
    ...(layout.published
      ? [
          `Published: ${layout.published.source}; in brackets, what was measured less that.`,
          'Not known: we know of no published value for this net and data.',
        ]
      : []),
  ].join(' ');
}
