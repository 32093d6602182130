import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { writeWhole } from '../../reports/write.ts';
import { pageText, type Part } from './page.ts';
import { keepRun, readPaperRun } from './record.ts';
import { readSections, type Section } from './sections.ts';

/** A finished run of a section, and the folder that it is in. */
export interface FinishedTable {
  readonly run: string;
  readonly out: string;
}

/** Folder of the results that a page is made from. */
const resultsOf = (page: string): string => join(dirname(page), basename(page, '.md'));

const pageWidth = 900;

const figureOf = ({ run }: Section) => `${run}.png`;

/** The page of the results that are kept beside it. */
export async function pageOf(page: string, full: boolean): Promise<string> {
  const folder = resultsOf(page);
  const parts: Part[] = [];
  for (const section of await readSections()) {
    const kept = join(folder, section.run);
    const done = existsSync(join(kept, 'run.json'));
    const figure = section.figure && existsSync(join(folder, figureOf(section)));
    parts.push({
      section,
      config: `experiments/paper/${section.run}${full ? '' : '-scenes'}.yaml`,
      run: done ? await readPaperRun(kept) : undefined,
      figure: figure ? `${basename(folder)}/${figureOf(section)}` : undefined,
    });
  }
  return pageText(parts, full ? 'npx xai-gauntlet paper --full' : 'npm run paper');
}

/** Keeps the results of finished runs beside a page, and writes the page. */
export async function writePage(page: string, tables: readonly FinishedTable[], full: boolean): Promise<void> {
  const folder = resultsOf(page);
  const sections = await readSections();
  for (const { run, out } of tables) {
    await keepRun(out, join(folder, run));
    const section = sections.find((one) => one.run === run)!;
    if (section.figure)
      await smaller(join(out, section.figure.file ?? (await firstHeatmap(out))), join(folder, figureOf(section)));
  }
  await writeWhole(page, await pageOf(page, full));
}

async function firstHeatmap(out: string): Promise<string> {
  const names = (await readdir(join(out, 'heatmaps'))).filter((name) => name.endsWith('.png'));
  return join('heatmaps', names.toSorted()[0]);
}

/** A copy of a picture as wide as a page, in few colours. */
const smaller = async (from: string, to: string): Promise<void> =>
  writeWhole(
    to,
    await sharp(from).resize({ width: pageWidth, withoutEnlargement: true }).png({ palette: true }).toBuffer(),
  );
