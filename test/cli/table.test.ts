import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { tinyExperiment } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';

let folder: string;
let run: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  run = join(folder, 'run');
  const tables = `[{ name: own, spread: none, columns: [pointing-game, { metric: 'ssim:before-after', attack: pgd }] }]`;
  const config = await tinyExperiment(folder, {
    explainers: '[srd, random]',
    attacks: '[{ use: pgd, steps: 3 }]',
    metrics: '[deletion, pointing-game, ssim]',
    heatmaps: '0',
    tables,
  });
  expect(
    (await cli('experiment', '--config', config, '--out', run, '--quiet', '--threads', '1', '--workers', '1')).code,
  ).toBe(0);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('writes the same tables as the run did, from its files alone', async () => {
  const names = ['own.csv', 'own.md', 'own.tex'];
  expect(await readdir(join(run, 'tables'))).toEqual(names);
  expect((await cli('table', run, '--out', join(folder, 'again'))).code).toBe(0);
  for (const name of names)
    expect(await readFile(join(folder, 'again', name), 'utf8')).toBe(await readFile(join(run, 'tables', name), 'utf8'));
  expect((await cli('table', run, '--format', 'tex')).stdout).toBe(
    await readFile(join(run, 'tables', 'own.tex'), 'utf8'),
  );
});

test('takes another layout', async () => {
  const layout = join(folder, 'layout.yaml');
  await writeFile(
    layout,
    'tables:\n  - { name: short, explainers: [random, srd], columns: [deletion], spread: none }\n',
  );
  const { stdout } = await cli('table', run, '--layout', layout);
  expect(stdout).toMatch(
    /^short: tiny on scenes\. Means over 3 samples\. .*\n\n\| Explainer .*\n.*\n\| random .*\n\| srd /,
  );
});

test('says what is wrong', async () => {
  const layout = join(folder, 'wrong.yaml');
  const refused = async (...args: string[]) => {
    const { code, stderr } = await cli('table', ...args);
    expect(code).toBe(2);
    return stderr.replaceAll(`${folder}/`, '');
  };
  await writeFile(layout, 'tables:\n  - { name: short, columns: [deltion] }\n');
  expect(await refused(run, '--layout', layout)).toBe(
    'wrong.yaml:2:30: the results have no metric "deltion"; did you mean "deletion"?\n',
  );
  await writeFile(layout, 'name: x\n');
  expect(await refused(run, '--layout', layout)).toMatch(/^wrong\.yaml:1:1: a layout is a list under the key "tables"/);
  expect(await refused(run, '--layout', join(folder, 'nope.yaml'))).toMatch(
    /^nope\.yaml: cannot read the layout \(ENOENT/,
  );
  expect(await refused(join(folder, 'nope'))).toMatch(/^nope: holds no finished run \(summary\.csv: ENOENT\)/);

  const summary = join(run, 'summary.csv');
  const text = await readFile(summary, 'utf8');
  onTestFinished(() => writeFile(summary, text));
  await writeFile(summary, text.replace('standard_error', 'error'));
  expect(await refused(run)).toMatch(/^run: another version wrote its results \(there is no column standard_error\)/);
});
