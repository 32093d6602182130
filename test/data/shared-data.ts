import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';

/** Third-party pictures that are not part of the repository. */
export const sharedData = process.env.XAI_DATA ?? resolve(import.meta.dirname, '../../../shared/data');

/** A test on third-party pictures; skipped, with the reason in its title, where they are absent. */
export function testOn(part: string, title: string, body: (path: string) => Promise<void>): void {
  const path = join(sharedData, part);
  if (existsSync(path)) test(title, () => body(path));
  else test.skip(`${title} (skipped: ${part} is not in XAI_DATA or ../shared/data)`);
}
