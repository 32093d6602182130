import { existsSync } from 'node:fs';
import { URL } from 'node:url';

/** A module of this package: from its source in a clone, else as built. */
export async function load(path) {
  const source = new URL(`../src/${path}.ts`, import.meta.url);
  const clone = existsSync(source);
  if (clone) (await import('tsx/esm/api')).register();
  return import(clone ? source : new URL(`../dist/src/${path}.js`, import.meta.url));
}
