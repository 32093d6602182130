import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from './read-commands.ts';

const textOf = (page: string) => readFileSync(page, 'utf8');
const linksOf = (page: string) => [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
/** A heading's name in addresses, as GitHub makes it. */
const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(pages())('links of %s lead somewhere', (page) => {
  for (const link of linksOf(page).filter((l) => !/^https?:/.test(l))) {
    const [file, anchor] = link.split('#');
    const goal = file === '' ? page : join(dirname(page), file);
    expect(existsSync(goal), link).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(goal), link).toContain(anchor);
  }
});

test('the index names every page', () => {
  const named = linksOf('docs/README.md').map((link) => join('docs', link));
  for (const page of pages()) if (page !== 'docs/README.md') expect(named, relative('docs', page)).toContain(page);
});
