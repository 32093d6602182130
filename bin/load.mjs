import { existsSync } from 'node:fs';
import module from 'node:module';
import { URL, pathToFileURL } from 'node:url';
import { transpiled } from './transpile.mjs';

/** A module of this package: in a clone made from its source, else as built. */
export async function load(path) {
  // Keeps compiled code from one start to the next; Node 22 and later.
  module.enableCompileCache?.();
  const source = new URL(`../src/${path}.ts`, import.meta.url);
  if (!existsSync(source)) return import(new URL(`../dist/src/${path}.js`, import.meta.url));
  const folder = await transpiled().catch((error) => {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  });
  if (folder) return import(pathToFileURL(`${folder}/src/${path}.js`));
  // Where nothing can be written, the source as it is.
  (await import('tsx/esm/api')).register();
  return import(source);
}
