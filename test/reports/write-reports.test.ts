import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReports, writeWhole } from '../../reports/index.ts';
import { attackedFigure, bump, metrics, sampleCurves, sampleRows } from './samples.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterEach(() => rm(out, { recursive: true }));

const chart = (name: string) => ['png', 'svg', 'pdf'].map((ending) => `charts/${name}.${ending}`);

describe('writeReports', () => {
  const results = () => ({ rows: sampleRows(), seed: 0, metrics, curves: sampleCurves(), out });

  it('writes every report and leaves nothing else behind', async () => {
    async function* figures() {
      yield attackedFigure();
      yield attackedFigure();
    }
    const { files: written } = await writeReports({ ...results(), figures: figures() });
    expect(written).toEqual([
      'results.csv',
      'results.parquet',
      'summary.csv',
      'pairwise.csv',
      'ranks.csv',
      ...['clean', 'pgd-linf', 'targeted-manipulation'].flatMap((name) =>
        ['md', 'tex', 'csv'].map((ending) => `tables/${name}.${ending}`),
      ),
      ...chart('ranks'),
      ...chart('pointing-game'),
      ...chart('ssim'),
      ...chart('attack-linf'),
      ...chart('deletion-auc-curve'),
      'heatmaps/scenes-0007.png',
      'heatmaps/scenes-0007-2.png',
      'report.html',
    ]);
    const files = await readdir(out, { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile())).toHaveLength(written.length);
  });

  it('puts clean maps of several samples side by side', async () => {
    const clean = () => ({ ...attackedFigure(), entries: [{ explainer: 'srd', map: bump(16, 0.5, 0.5, true) }] });
    const bare = { rows: [], seed: 0, metrics: [], out };
    const one = await writeReports({ ...bare, figures: [clean()] });
    expect(one.files.filter((file) => /gallery/.test(file))).toEqual([]);
    const two = await writeReports({ ...bare, figures: [clean(), clean()] });
    expect(two.files.filter((file) => /gallery/.test(file))).toEqual(['heatmaps/gallery.png']);
  });

  it('writes the same bytes again', async () => {
    const read = async () => {
      const { files: paths } = await writeReports(results());
      return Promise.all(paths.map((path) => readFile(join(out, path))));
    };
    expect(await read()).toEqual(await read());
  });
});

describe('writeWhole', () => {
  it('replaces a file and makes folders', async () => {
    const path = join(out, 'a', 'b.txt');
    await writeWhole(path, 'one');
    await writeWhole(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
  });

  it('removes the temporary file where it cannot finish', async () => {
    await writeWhole(join(out, 'folder', 'inside.txt'), 'x');
    await expect(writeWhole(join(out, 'folder'), 'y')).rejects.toThrow();
    expect(await readdir(out)).toEqual(['folder']);
  });
});
