import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';

test('paper --full says in one message what is wanted, and runs nothing', async () => {
  vi.stubEnv('XAI_DATA', undefined);
  const { code, stderr } = await cli('paper', '--full');
  vi.unstubAllEnvs();
  expect(code).toBe(2);
  for (const wanted of ['quality.yaml', 'apop.yaml', 'ImageNetS50/', '752 pictures', 'vgg16.onnx (553 MB)', '6.3 GB'])
    expect(stderr).toContain(wanted);
});

test('a table that is not there is refused', async () => {
  const { code, stderr } = await cli('paper', 'qualty');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^no table "qualty"; did you mean "quality"\?/)]);
});

test('paper runs a table and writes its part of the page', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const page = join(folder, 'page.md');
  const run = () => cli('paper', 'receptive-fields', '--runs', join(folder, 'runs'), '--page', page);
  const first = await run();
  expect(first.stderr).toMatch(/receptive-fields: \d+\.\d min/);
  expect([first.code, first.stdout]).toEqual([0, `${page}\n`]);
  const text = await readFile(page, 'utf8');
  expect(text).toContain('drawn scenes.](page/receptive-fields.png)');
  expect(text).toContain('Nets: scenes-vgg. Pictures: 50 of scenes.');
  expect(text).toContain('Not run yet');
  const again = await run();
  expect(again.stderr).toContain('(0 computed,');
  expect(await readFile(page, 'utf8')).toBe(text);
});
