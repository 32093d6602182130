import type { Section } from './build.ts';

/** Lines that any page has room for, beside caption and headings. */
const room = 32;

/** Items in lists that a page has room for; one that is larger is a list of its own. */
function packed<T>(items: readonly T[], linesOf: (item: T) => number): T[][] {
  const lists: T[][] = [[]];
  let left = room;
  for (const item of items) {
    if (linesOf(item) > left && lists.at(-1)!.length > 0) {
      lists.push([]);
      left = room;
    }
    lists.at(-1)!.push(item);
    left -= linesOf(item);
  }
  return lists;
}

/** The sections of a table by page; one that is taller than a page is cut between rows. `linesOf` is how many lines a row takes. */
export function pagesOf(
  sections: readonly Section[],
  linesOf: (row: Section['rows'][number]) => number,
): readonly Section[][] {
  const pieces = sections.flatMap((section) =>
    packed(section.rows, linesOf).map((rows, i): Section => {
      const title = i > 0 && section.title !== '' ? `${section.title}, continued` : section.title;
      return { ...section, rows, title };
    }),
  );
  return packed(pieces, ({ rows }) => rows.reduce((sum, row) => sum + linesOf(row), 1));
}
