import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The page's own code, in one piece each: Chart.js is in the script, the fonts are in the style. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** The sources of the page are not among what a clone is run from. */
const root = dirname(createRequire(import.meta.url).resolve('xai-gauntlet/package.json'));
const path = (name: string) => join(root, 'reports/page', name);

/** Joins the modules, styles and fonts of `client/`. */
export async function bundle(): Promise<PageAssets> {
  const { outputFiles } = await build({
    entryPoints: [path('client/main.ts'), path('client/style.css')],
    outdir: path('client'),
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    loader: { '.woff2': 'dataurl' },
    legalComments: 'inline',
    logLevel: 'silent',
  });
  const textOf = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))!.text;
  return { script: textOf('.js'), style: textOf('.css') };
}
