import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

// Open Sans comes with the package because a bare machine has no fonts. The web font is cut up by script.
const scripts = ['latin', 'latin-ext', 'greek', 'cyrillic', 'math'];
const { resolve } = createRequire(import.meta.url);

const families = scripts.map((script) => {
  const family = `Open Sans ${script}`;
  for (const weight of [400, 600]) {
    const path = resolve(`@fontsource/open-sans/files/open-sans-${script}-${weight}-normal.woff2`);
    if (!GlobalFonts.registerFromPath(path, family)) throw new Error(`cannot load the font ${path}`);
  }
  return `"${family}"`;
});

/** CSS font family of all text in charts and figures; weights 400 and 600. What it lacks comes from installed fonts. */
export const fontFamily = [...families, 'sans-serif'].join(', ');
