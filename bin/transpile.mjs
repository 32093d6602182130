import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));
const cache = `${root}/.cache`;

/** When a file was changed, in whole milliseconds: what is finer does not survive being set. */
const timeOf = (file) => Math.round(statSync(file).mtimeMs);

/** Names of the files below a folder that have an ending, without it. */
function* namesIn(folder, ending, below = '') {
  for (const entry of readdirSync(`${folder}/${below}`, { withFileTypes: true })) {
    const name = below + entry.name;
    if (entry.isDirectory()) yield* namesIn(folder, ending, `${name}/`);
    else if (name.endsWith(ending)) yield name.slice(0, -ending.length);
  }
}

/** Names of the sources; the page of a run has its own bundle, a kernel is another language. */
const sources = () =>
  ['src/', 'attacks/', 'metrics/', 'reports/']
    .flatMap((room) => [...namesIn(root, '.ts', room)])
    .filter((name) => !name.startsWith('reports/page/client/') && !name.startsWith('metrics/multigrid/kernel/'));

/** Makes imports of sources imports of what is made of them; all stay imports. */
const importsOfSources = {
  name: 'imports-of-sources',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/ts$/, 'js'), external: true },
    ),
};

async function transpile(names) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => `./${name}.ts`),
    outdir: cache,
    outbase: root,
    bundle: true,
    packages: 'external',
    plugins: [importsOfSources],
    format: 'esm',
    target: 'node20',
    tsconfigRaw: { compilerOptions: { target: 'ES2023', verbatimModuleSyntax: true } },
    sourcemap: 'linked',
    sourcesContent: false,
    write: false,
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

/** Writes a file in one step, so that no process reads half of it. */
function write(file, contents, time) {
  const partial = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(partial, contents);
  utimesSync(partial, time / 1000, time / 1000);
  renameSync(partial, file);
}

/**
 * Brings the JavaScript in `.cache/` up to date with the sources of a clone, and returns that folder. A file there bears the time of
 * the source it was made of; any other time, earlier or later, has it made again. Throws where the folder cannot be written.
 */
export async function transpiled() {
  mkdirSync(cache, { recursive: true });
  const made = new Map([...namesIn(cache, '.js')].map((name) => [name, timeOf(`${cache}/${name}.js`)]));
  // How they are made has the time of this file.
  const [how, now] = [made.get('how'), timeOf(self)];
  const times = new Map(sources().map((name) => [name, timeOf(`${root}/${name}.ts`)]));
  const stale = [...times.keys()].filter((name) => how !== now || made.get(name) !== times.get(name));
  if (stale.length > 0) {
    const contents = await transpile(stale);
    for (const name of stale)
      for (const ending of ['.js.map', '.js']) {
        const file = `${cache}/${name}${ending}`;
        write(file, contents.get(file), times.get(name));
      }
  }
  if (how !== now) write(`${cache}/how.js`, '', now);
  for (const name of made.keys())
    if (name !== 'how' && !times.has(name)) rmSync(`${cache}/${name}.js`, { force: true });
  return cache;
}
