import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PageAssets } from './bundle.ts';

const built = (name: string) => fileURLToPath(new URL(`client.${name}`, import.meta.url));

async function load(): Promise<PageAssets> {
  if (!existsSync(built('js'))) return (await import('./bundle.ts')).bundle();
  const [script, style] = await Promise.all([readFile(built('js'), 'utf8'), readFile(built('css'), 'utf8')]);
  return { script, style };
}

let assets: Promise<PageAssets> | undefined;

/** The published package holds them ready, made by `npm run build`; a clone makes them when a process writes its first page. */
export const pageAssets = (): Promise<PageAssets> => (assets ??= load());
