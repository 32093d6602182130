import { readFile } from 'node:fs/promises';
import { URL } from 'node:url';

let self;
let own;

/** Receives the URL of the running copy of this package, and of the folder of its JavaScript where it does not run from sources. */
export async function initialize(data) {
  ({ self, own } = data);
}

/** Whether a file is an ES module though its package says `"type": "commonjs"`, as that of a new project does. */
const isModule = async ({ url, format }) =>
  /\.m?ts(\?|$)/.test(url) ||
  (format === 'commonjs' &&
    /^file:.*\.js(\?|$)/.test(url) &&
    !url.includes('/node_modules/') &&
    /^(import|export)[\s{*]/m.test(await readFile(new URL(url), 'utf8')));

/** Gives plug-ins the running copy of this package, and takes TypeScript, and JavaScript that imports or exports, for ES modules wherever it lies. */
export async function resolve(specifier, context, next) {
  const found = await next(specifier === 'xai-gauntlet' ? self : specifier, context);
  return (await isModule(found)) ? { ...found, format: 'module' } : found;
}

/** Spares the package's own modules the loader of TypeScript, whose parser takes `dof / 2` for the start of a regular expression. */
export async function load(url, context, next) {
  if (!own || !url.startsWith(own)) return next(url, context);
  return { format: 'module', source: await readFile(new URL(url)), shortCircuit: true };
}
