import { readFile } from 'node:fs/promises';
import { URL } from 'node:url';

let self;
let own;

/** Receives the URL of the running copy of this package, and of the folder of its JavaScript where it does not run from sources. */
export async function initialize(data) {
  ({ self, own } = data);
}

/** Gives plug-ins the running copy of this package, and takes TypeScript for ES modules wherever it lies. */
export async function resolve(specifier, context, next) {
  const found = await next(specifier === 'xai-gauntlet' ? self : specifier, context);
  return /\.m?ts(\?|$)/.test(found.url) ? { ...found, format: 'module' } : found;
}

/** Spares the package's own modules the loader of TypeScript, whose parser takes `dof / 2` for the start of a regular expression. */
export async function load(url, context, next) {
  if (!own || !url.startsWith(own)) return next(url, context);
  return { format: 'module', source: await readFile(new URL(url)), shortCircuit: true };
}
