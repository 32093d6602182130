import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { encodePng } from '../data/encode-png.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { runExperiment, type RunOptions } from '../../src/experiment/run.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { tinyExperiment } from './tiny.ts';

// One thread: several would wait for each other on a busy machine.
const engine = createOnnxRuntimeEngine({ threads: 1 });
let folder: string;
let config: string;
let whole: string;

const run = (out: string, options: Partial<RunOptions> = {}, file = config) =>
  runExperiment(file, { out: join(folder, out), engine, ...options });
const textOf = (out: string, name: string) => readFile(join(folder, out, name), 'utf8');
const rowsOf = (csv: string) => parse(csv, { columns: true }) as Record<string, string>[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  config = await tinyExperiment(folder);
  const result = await run('whole');
  expect(result).toMatchObject({ finished: true, units: 45, computed: 45, reused: 0, rows: 702, skipped: [] });
  whole = await textOf('whole', 'results.csv');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('writes rows in the order of the plan, a summary, charts, figures and a record', async () => {
  const rows = rowsOf(whole);
  expect(rows).toHaveLength(702);
  expect(rows[0]).toMatchObject({ sample: 'test-0-0', explainer: 'srd', attack: 'none', metric: 'deletion' });
  expect(rows.filter(({ value, reason }) => (value === '') !== (reason !== ''))).toEqual([]);
  const metrics = (attack: string) => [
    ...new Set(rows.filter((row) => row.attack === attack).map(({ metric }) => metric)),
  ];
  expect(metrics('none')).toEqual(['deletion', 'pointing-game', 'max-sensitivity']);
  expect(metrics('targeted-manipulation')).toEqual([
    ...metrics('none'),
    ...['ssim', 'pearson'].flatMap((name) =>
      ['before-after', 'after-target', 'before-target', 'before-noise', 'gap-closed'].map((pair) => `${name}:${pair}`),
    ),
    ...['linf', 'l2', 'l1', 'image-mse', 'prediction-kept', 'prediction', 'probability-before', 'probability'].map(
      (name) => `attack:${name}`,
    ),
    ...['queries', 'gradients', 'loss-first', 'loss-last', 'image-ssim'].map((name) => `attack:${name}`),
  ]);
  expect(metrics('gaussian-noise')).not.toContain('attack:loss-first');
  expect(metrics('pgd')).toEqual(expect.arrayContaining(['success', 'queries', 'gradients'].map((n) => `attack:${n}`)));
  expect(metrics('targeted-manipulation')).not.toContain('attack:success');
  // The predicted class is a name, of which no mean is taken.
  expect(await textOf('whole', 'summary.csv')).not.toMatch(/attack:prediction,/);
  expect(await readdir(join(folder, 'whole'))).toEqual(
    expect.arrayContaining([
      'results.csv',
      'summary.csv',
      'pairwise.csv',
      'ranks.csv',
      'charts',
      'heatmaps',
      'run.json',
      'units.jsonl',
    ]),
  );
  expect(await readdir(join(folder, 'whole', 'heatmaps'))).toHaveLength(3);
  const record = JSON.parse(await textOf('whole', 'run.json')) as Record<string, unknown>;
  expect(record).toMatchObject({ units: { planned: 45, computed: 45, reused: 0 }, rows: 702, config: { seed: 0 } });
});

test('metrics that ask for neighbours, inner values, other classes and random weights give rows', async () => {
  const other = await tinyExperiment(await mkdtemp(join(folder, 'sanity-')), {
    dataset: '{ kind: scenes, count: 1 }',
    explainers: '[grad-cam, random]',
    attacks: '[gaussian-noise]',
    metrics: '[{ use: rrs, samples: 2 }, { use: mprt, steps: 2 }, random-logit]',
    heatmaps: '0',
  });
  await run('sanity', {}, other);
  const rows = rowsOf(await textOf('sanity', 'results.csv'));
  const own = rows.filter(({ metric }) => !metric.includes(':'));
  expect(own).toHaveLength(12);
  for (const { explainer, metric, value, discarded } of own) {
    expect(discarded).toMatch(metric === 'random-logit' ? /^$/ : /^([01]|0[.]5)$/);
    // The control looks at neither weights nor class, and is drawn alike for both.
    if (explainer === 'random' && metric !== 'rrs') expect(Number(value)).toBeCloseTo(1, 12);
  }
  expect(await readdir(join(folder, 'sanity', 'charts'))).toContain('mprt-curve.png');
});

test('the attacked picture of a prediction attack is the same for all explainers', () => {
  const sizes = rowsOf(whole).filter((r) => r.attack === 'pgd' && r.metric === 'attack:l2' && r.sample === 'test-0-1');
  expect(sizes).toHaveLength(4);
  expect(new Set(sizes.map(({ value }) => value)).size).toBe(1);
});

test('two runs give the same bytes', async () => {
  await run('again');
  expect(await textOf('again', 'results.csv')).toBe(whole);
  for (const name of ['summary.csv', 'pairwise.csv', 'ranks.csv'])
    expect(await textOf('again', name)).toBe(await textOf('whole', name));
});

test('a run of the first samples has their rows, and goes on with the others to the same bytes', async () => {
  const changes = { explainers: '[random]', attacks: '[]', metrics: '[pointing-game]', heatmaps: '0' };
  const small = await tinyExperiment(await mkdtemp(join(folder, 'samples-')), changes);
  await run('all', {}, small);
  expect(await run('grown', { samples: 2 }, small)).toMatchObject({ finished: true, units: 2, computed: 2 });
  const first = await textOf('grown', 'results.csv');
  expect(rowsOf(first).map(({ sample }) => sample)).toEqual(['test-0-0', 'test-0-1']);
  expect(await run('grown', {}, small)).toMatchObject({ units: 3, computed: 1, reused: 2 });
  expect(await textOf('grown', 'results.csv')).toBe(await textOf('all', 'results.csv'));
});

test('the record counts the samples that were measured, not those that attacks steer to', async () => {
  const changes = {
    dataset: '{ kind: scenes, count: 8 }',
    explainers: '[srd]',
    attacks: '[{ use: targeted-manipulation, steps: 1 }]',
    metrics: '[pointing-game]',
    heatmaps: '0',
  };
  await run('steered', { samples: 2 }, await tinyExperiment(await mkdtemp(join(folder, 'steered-')), changes));
  expect(JSON.parse(await textOf('steered', 'run.json'))).toMatchObject({ subjects: [{ samples: 2 }] });
});

test('a run stopped half-way goes on with the same bytes, past a torn line', async () => {
  const controller = new AbortController();
  const first = await run('stopped', {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done === 20) controller.abort();
    },
  });
  expect(first).toMatchObject({ finished: false, computed: 20, files: [] });
  await appendFile(join(folder, 'stopped', 'units.jsonl'), '{"key":"torn');
  const second = await run('stopped');
  expect(second).toMatchObject({ finished: true, computed: 25, reused: 20 });
  expect(await textOf('stopped', 'results.csv')).toBe(whole);
});

test('a last line that is whole but for its end is not trusted', async () => {
  await mkdir(join(folder, 'cut'));
  const units = await textOf('whole', 'units.jsonl');
  await writeFile(join(folder, 'cut', 'units.jsonl'), units);
  await truncate(join(folder, 'cut', 'units.jsonl'), Buffer.byteLength(units) - 1);
  // The figures' maps are kept beside the units: those of the first sample are computed again.
  expect(await run('cut')).toMatchObject({ computed: 16, reused: 29 });
  expect(await textOf('cut', 'results.csv')).toBe(whole);
});

test('fresh forgets, a changed config keeps what still holds', async () => {
  await run('changed');
  const fewer = join(folder, 'fewer');
  await mkdir(fewer);
  const other = await tinyExperiment(fewer, { attacks: '[gaussian-noise]' });
  expect(await run('changed', {}, other)).toMatchObject({ computed: 0, reused: 24 });
  expect(await readdir(join(folder, 'changed', 'heatmaps'))).toHaveLength(1);
  expect(await run('changed')).toMatchObject({ computed: 0, reused: 45 });
  expect(await run('changed', { fresh: true }, other)).toMatchObject({ computed: 24, reused: 0 });
});

test('a broken picture is skipped and counted, a changed one computed again', async () => {
  const own = join(folder, 'own');
  await mkdir(join(own, 'pictures'), { recursive: true });
  const picture = (level: number) =>
    encodePng(
      tensor(
        [3, 16, 16],
        new Float32Array(768).map((_, i) => (i * level) % 1),
      ),
    );
  for (const [i, name] of ['a', 'b', 'c'].entries())
    await writeFile(join(own, 'pictures', `${name}.png`), await picture(0.1 + i / 10));
  await writeFile(join(own, 'pictures', 'b.png'), 'no picture');
  const file = await tinyExperiment(own, {
    dataset: '{ kind: image-folder, path: pictures }',
    metrics: '[sparseness, ssim]',
    attacks: '[gaussian-noise]',
    heatmaps: '0',
  });
  const first = await run('broken', {}, file);
  expect(first).toMatchObject({ units: 24, computed: 16, skipped: [{ dataset: 'image-folder', sample: 'b.png' }] });
  expect(JSON.parse(await textOf('broken', 'run.json'))).toMatchObject({ skipped: [{ sample: 'b.png' }] });
  await copyFile(join(own, 'pictures', 'a.png'), join(own, 'pictures', 'b.png'));
  await writeFile(join(own, 'pictures', 'c.png'), await picture(0.37));
  expect(await run('broken', {}, file)).toMatchObject({ computed: 16, reused: 8, skipped: [] });
  await rm(join(own, 'pictures'), { recursive: true });
  await mkdir(join(own, 'pictures'));
  await writeFile(join(own, 'pictures', 'a.png'), 'no picture');
  await expect(run('broken', {}, file)).rejects.toThrow(/no sample could be read; the first one: .*a\.png/);
});
