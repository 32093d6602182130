import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cli } from '../cli/in-process.ts';
import { encodePng } from '../data/encode-png.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { compareRows, type Compared } from '../../src/experiment/verify/compare-rows.ts';
import { verifyRun } from '../../src/experiment/verify.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { tinyExperiment, tinyNet } from './tiny.ts';

let kept: string;
let folder: string;
let out: string;

const picture = (level: number) =>
  encodePng(
    tensor(
      [3, 16, 16],
      new Float32Array(768).map((_, i) => (i * level) % 1),
    ),
  );

beforeAll(async () => {
  kept = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  await mkdir(join(kept, 'pictures'));
  for (const [i, name] of ['a', 'b', 'c'].entries())
    await writeFile(join(kept, 'pictures', `${name}.png`), await picture(0.1 + i / 10));
  const file = await tinyExperiment(kept, {
    dataset: '{ kind: image-folder, path: pictures }',
    explainers: '[srd, random]',
    attacks: '[gaussian-noise]',
    metrics: '[sparseness, ssim]',
    heatmaps: '0',
  });
  await runExperiment(file, { out: join(kept, 'out'), workers: 1 });
}, 60_000);
afterAll(() => rm(kept, { recursive: true }));

// A copy for each test: what is checked does not depend on where it lies.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  await cp(kept, folder, { recursive: true });
  out = join(folder, 'out');
  return () => rm(folder, { recursive: true });
});

const verify = (options: Partial<Parameters<typeof verifyRun>[1]> = {}) =>
  verifyRun(out, { sample: 100, seed: 0, ...options });

/** Changes results.csv. */
async function falsify(change: (csv: string) => string): Promise<void> {
  const file = join(out, 'results.csv');
  await writeFile(file, change(await readFile(file, 'utf8')));
}

test('a run is computed again to the last digit, from its folder alone, and left as it is', async () => {
  await rm(join(folder, 'config.yaml'));
  const before = await readdir(out, { recursive: true });
  const found = await verify();
  expect(found).toMatchObject({ units: 12, tolerance: 0, unlike: [], changed: [] });
  expect(found.checks).toHaveLength(12);
  expect(found.checks.filter(({ differences, largest }) => differences.length > 0 || largest > 0)).toEqual([]);
  expect(await readdir(out, { recursive: true })).toEqual(before);
});

test('a sample of units is drawn from the seed', async () => {
  const drawn = async (seed: number) => (await verify({ sample: 3, seed })).checks.map(({ unit }) => unit);
  const first = await drawn(1);
  expect(first).toHaveLength(3);
  expect(await drawn(1)).toEqual(first);
  expect(await drawn(2)).not.toEqual(first);
});

test('a number that is not what is computed is named, and the exit code is 1', async () => {
  await falsify((csv) => csv.replace(/^(tiny,image-folder,b\.png,.*,srd,none,sparseness),0\.\d+/m, '$1,0.123'));
  const { code, stdout } = await cli('verify', out, '--sample', '12');
  expect(stdout).toMatch(/^tiny\/image-folder\/b\.png\/srd\/none +1 +0\.\d+ +1 differ$/m);
  expect(stdout).toMatch(/^ {2}sparseness: 0\.123, classes .* in the run, 0\.\d+, classes .* now$/m);
  expect(stdout).toMatch(/12 of 12 units computed again: 1 differ \(the same is: to the last digit\)\n$/);
  expect(code).toBe(1);
});

test('another model and another picture are told from what they lead to', async () => {
  await writeFile(join(folder, 'tiny.onnx'), tinyNet('another'));
  await writeFile(join(folder, 'pictures', 'b.png'), await picture(0.7));
  await rm(join(folder, 'pictures', 'c.png'));
  const { changed, checks } = await verify();
  expect(changed).toContain('the model tiny is another file than in the run');
  expect(changed).toContain('tiny/image-folder/c.png/srd/none is not in the data any more');
  expect(checks.every(({ differences }) => differences.length > 0)).toBe(true);
});

test('another picture alone is named', async () => {
  await writeFile(join(folder, 'pictures', 'b.png'), await picture(0.7));
  expect((await verify()).changed).toEqual(['b.png of image-folder is not the sample it was']);
});

test('another engine is within the tolerance, and is named', async () => {
  const found = await verify({ engine: 'reference' });
  expect(found.unlike).toEqual([
    expect.stringMatching(/^engine: onnxruntime:cpu .* in the run, reference:cpu .* now$/),
  ]);
  expect(found).toMatchObject({ tolerance: 1e-3, changed: [] });
  expect(found.checks.flatMap(({ differences }) => differences)).toEqual([]);
  // In float64 nothing is the same to the last digit.
  expect(Math.max(...found.checks.map(({ largest }) => largest))).toBeGreaterThan(0);
});

test('a folder that holds no run, or one of an earlier version, is a mistake', async () => {
  await expect(verifyRun(folder, { sample: 1, seed: 0 })).rejects.toThrow(/holds no finished run \(run.json: ENOENT\)/);
  await writeFile(join(out, 'run.json'), '{ "config":');
  await expect(verifyRun(out, { sample: 1, seed: 0 })).rejects.toThrow(
    /run\.json is damaged; run the experiment again/,
  );
  await writeFile(join(out, 'run.json'), '{ "config": { "kind": "apop" } }');
  await expect(verifyRun(out, { sample: 1, seed: 0 })).rejects.toThrow(/holds a run of kind apop/);
  await writeFile(join(out, 'run.json'), '{}');
  expect(await cli('verify', out)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^.*lacks the config/) });
});

test('rows are alike within the tolerance, relative above 1, and only with the same classes and the same holes', () => {
  const row = (part: Partial<Compared>): Compared => ({
    ...{ metric: 'm', label: '', prediction: 1, target: 1, value: 0.5, reason: '', discarded: null },
    ...part,
  });
  const alike = (a: Partial<Compared>, b: Partial<Compared>, tolerance: number) =>
    compareRows('u', [row(a)], [row(b)], tolerance).differences.length === 0;
  expect(alike({}, {}, 0)).toBe(true);
  expect(alike({ value: 0.5 }, { value: 0.5000001 }, 0)).toBe(false);
  expect(alike({ value: 1000 }, { value: 1000.9 }, 1e-3)).toBe(true);
  expect(alike({ value: 0.01 }, { value: 0.02 }, 1e-3)).toBe(false);
  expect(alike({ value: null, reason: 'x' }, { value: 0 }, 1)).toBe(false);
  expect(alike({ value: null, reason: 'x' }, { value: null, reason: 'y' }, 0)).toBe(false);
  expect(alike({}, { prediction: 2 }, 1)).toBe(false);
  expect(alike({ discarded: 0.5 }, { discarded: 0.75 }, 1e-3)).toBe(false);
  expect(compareRows('u', [row({})], [], 1).differences).toEqual([
    { metric: 'm', before: '0.5, classes /1/1', now: undefined },
  ]);
});
