import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRun } from '../../src/experiment/finished-run.ts';
import { cli } from '../cli/in-process.ts';
import { temporaryFolder, tinyExperiment, tinyNet } from '../experiment/tiny.ts';

async function tinyApop(changes: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.onnx'), tinyNet('a'));
  await writeFile(join(folder, 'b.onnx'), tinyNet('b'));
  const lines = {
    kind: 'apop',
    name: 'tiny',
    models: '[{ file: a.onnx, preprocessing: none }, { file: b.onnx, preprocessing: none }]',
    dataset: '{ kind: scenes, count: 6 }',
    references: '[black, noise]',
    ...changes,
  };
  const config = join(folder, 'apop.yaml');
  await writeFile(
    config,
    Object.entries(lines)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  const out = join(folder, 'out');
  return { folder, out, run: (...args: string[]) => cli('experiment', '--config', config, ...args) };
}

test('an APOP config leaves a table over its nets, and computes a finished net once', async () => {
  const { out, run } = await tinyApop();
  expect((await run('--plan')).stdout).toBe(
    'a: 6 pictures of scenes, inputs black, noise\nb: 6 pictures of scenes, inputs black, noise\n',
  );
  expect((await run('--out', out, '--quiet')).stderr).toMatch(/^2 nets \(0 from before\)/);
  const { cells, verdicts } = await readRun(out);
  const find = (explainer: string, metric: string) =>
    cells.find((c) => c.model === 'b' && c.explainer === explainer && c.metric === metric);
  expect(find('picture', 'agreement')).toMatchObject({ n: 6, mean: 1 });
  expect(find('guessing', 'top5')).toMatchObject({ mean: 0.5, low: null, high: null });
  expect(find('most-frequent', 'top5')!.mean).toBeGreaterThanOrEqual(5 / 6);
  expect(verdicts.length).toBeGreaterThan(0);
  const files = ['results.csv', 'summary.csv', 'pairwise.csv', 'tables/apop.md'];
  const contents = () => Promise.all(files.map((file) => readFile(join(out, file), 'utf8')));
  const before = await contents();
  expect((await run('--out', out, '--quiet')).stderr).toMatch(/^2 nets \(2 from before\)/);
  expect(await contents()).toEqual(before);
});

test.each([
  [{ dataset: '{ kind: scenes, count: 6, x: 1 }' }, /apop\.yaml:4:36: unknown key "x"/],
  [{ references: '[blak]' }, /apop\.yaml:5:14: references\[0\]: .*"black"/],
  [{ models: '[{ file: c.onnx, preprocessing: none }]' }, /apop\.yaml:3:18: no such file: /],
  [
    { tables: '[{ name: t, columns: [top2] }]' },
    /apop\.yaml:6:31: the results have no metric "top2"; did you mean "top1"\?/,
  ],
])('%j is refused with its place', async (changes, message) => {
  const { run } = await tinyApop(changes);
  const { code, stderr } = await run('--plan');
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test('an APOP run and an experiment do not share a folder', async () => {
  const { folder, out, run } = await tinyApop();
  await mkdir(join(folder, 'apop', 'nets'), { recursive: true });
  const experiment = ['experiment', '--quiet', '--config', await tinyExperiment(folder), '--out', join(folder, 'apop')];
  expect(await cli(...experiment)).toMatchObject({
    code: 2,
    stderr: `${folder}/apop: holds the results of an APOP run; choose another folder with --out\n`,
  });
  await mkdir(out);
  await writeFile(join(out, 'units.jsonl'), '');
  expect(await run('--out', out, '--quiet')).toMatchObject({
    code: 2,
    stderr: `${out}: holds the results of an experiment; choose another folder with --out\n`,
  });
});

test('an APOP config refuses options that it has no use for', async () => {
  const { run } = await tinyApop();
  const { code, stderr } = await run(
    '--workers',
    '2',
    '--shard',
    '1/3',
    '--serve',
    '0',
    '--cache-size',
    '1',
    '--samples',
    '2',
  );
  expect(stderr).toMatch(
    /^--shard, --samples, --serve, --workers, --cache-size: not for .*apop\.yaml, which is of kind apop .* leave them out\n$/,
  );
  expect(code).toBe(2);
});
