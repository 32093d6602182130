import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's own code, in one piece each: Chart.js is in the script, the fonts are in the style. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

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
