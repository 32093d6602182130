import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../reports/row.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { attackBatchOf, inBatches } from '../../src/experiment/attack-batch.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { mergeShards } from '../../src/experiment/merge.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { runExperiment, type RunOptions } from '../../src/experiment/run.ts';
import { openStore } from '../../src/experiment/store.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { createTaskRunner, inProcess } from '../../src/experiment/task-runner.ts';
import { workThrough } from '../../src/experiment/work.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { encodePng } from '../data/encode-png.ts';
import { tinyExperiment } from './tiny.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
const root = await mkdtemp(join(tmpdir(), 'gauntlet-'));
const newFolder = () => mkdtemp(join(root, 'f-'));
afterAll(async () => {
  await engine.release();
  await rm(root, { recursive: true });
});

/** Attacks with early stop, random starts, random noise, and a target of each picture's own: 11 units a sample. */
const changes = {
  dataset: '{ kind: scenes, count: 5 }',
  explainers: '[srd, random]',
  attacks: `[{ use: pgd, steps: 3 }, { use: deepfool, steps: 4, overshoot: 0 }, gaussian-noise,
  { use: targeted-manipulation, steps: 3, learningRate: 0.01 }, { use: ghorbani, steps: 3, as: moved, against: [srd] }]`,
  metrics: '[sparseness, ssim]',
  heatmaps: '0',
};
const once = ['pgd', 'deepfool', 'gaussian-noise', 'targeted-manipulation', 'moved@srd'];
const configOf = async (attackBatch: number | undefined, other: object = {}) =>
  tinyExperiment(await newFolder(), {
    ...changes,
    ...(attackBatch === undefined ? {} : { attackBatch: String(attackBatch) }),
    ...other,
  });

interface Options {
  readonly out?: string;
  /** Stops after so many units. */
  readonly stop?: number;
}

/** What a run computes, without reports, and on how many pictures it made each attack. */
async function work(file: string, { out, stop }: Options = {}) {
  const config = await readConfig(file);
  const attacked: [attack: string, pictures: number][] = [];
  for (const entry of config.attacks) {
    const { definition, name } = entry;
    const prepare: typeof definition.prepare = (setup) => {
      const attack = definition.prepare(setup);
      return (victims) => {
        attacked.push([name, victims.length]);
        return attack(victims);
      };
    };
    Object.assign(entry, { definition: { ...definition, prepare } });
  }
  const folder = out ?? (await newFolder());
  const store = await openStore(folder);
  const plan = makePlan(config, await openSubjects(config));
  const controller = new AbortController();
  const { records, ...counts } = await workThrough(
    config,
    plan,
    inProcess(createTaskRunner(config, plan, engine)),
    store,
    {
      out: folder,
      signal: controller.signal,
      onProgress: ({ done }) => void (done === stop && controller.abort()),
    },
  );
  const rows = [...records].flatMap((record) => record.rows);
  store.close();
  return { ...counts, out: folder, rows, attacked };
}

let batched: string;
let whole: readonly Row[];
beforeAll(async () => {
  batched = await configOf(2);
  whole = (await work(batched)).rows;
});

test('sixteen on a graphics card, one on a processor, or what the config says', () => {
  expect(['cuda', 'webgpu', 'node-gpu'].map((device) => attackBatchOf({}, { device }))).toEqual([16, 16, 16]);
  expect(['cpu', 'wasm', 'node'].map((device) => attackBatchOf({}, { device }))).toEqual([1, 1, 1]);
  expect(attackBatchOf({ attackBatch: 3 }, { device: 'cuda' })).toBe(3);
  expect(inBatches(5, 2)).toEqual([[0, 1], [2, 3], [4]]);
  expect(inBatches(2, 16)).toEqual([[0, 1]]);
});

test('keys of attacked units hold the names of their batch; those of clean ones, and of a batch of one, do not', async () => {
  const unitsOf = async (attackBatch?: number, other: object = {}) => {
    const config = await readConfig(await configOf(attackBatch, other));
    return makePlan(config, await openSubjects(config)).units;
  };
  const [alone, pairs] = [await unitsOf(), await unitsOf(2)];
  expect((await unitsOf(1)).map(({ key }) => key)).toEqual(alone.map(({ key }) => key));
  for (const [i, { key, attack, index }] of pairs.entries())
    expect(key === alone[i].key).toBe(attack === undefined || index === 4);
  const four = await unitsOf(2, { dataset: '{ kind: scenes, count: 4 }' });
  expect(four.map(({ batch }) => batch)).toEqual(four.map(({ index }) => (index < 2 ? [0, 1] : [2, 3])));
});

test('a picture comes out of its batch as it does alone', async () => {
  const { rows: alone, attacked } = await work(await configOf(1));
  expect(attacked).toHaveLength(5 * once.length);
  const early = alone.filter(({ attack, metric }) => attack === 'deepfool' && metric === 'attack:queries');
  expect(new Set(early.map(({ value }) => value)).size).toBeGreaterThan(1);
  expect(whole).toHaveLength(alone.length);
  for (const [i, { value, ...rest }] of alone.entries()) {
    expect(whole[i]).toMatchObject(rest);
    if (value === null) expect(whole[i].value).toBe(null);
    else expect(whole[i].value).toBeCloseTo(value, 5);
  }
});

test('each attack is made once on each batch, whatever is outstanding of it', async () => {
  const { out, attacked } = await work(batched);
  expect(attacked).toEqual([2, 2, 1].flatMap((pictures) => once.map((name) => [name, pictures])));
  const file = join(out, 'units.jsonl');
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(55);
  await writeFile(file, `${lines.filter((_, i) => i !== 30).join('\n')}\n`);
  const again = await work(batched, { out });
  expect(again).toMatchObject({ computed: 1, reused: 54, attacked: [[expect.any(String), 2]] });
  expect(again.rows).toEqual(whole);
});

test('a run that was stopped anywhere goes on to the same rows', async () => {
  for (const stop of [3, 16, 40]) {
    const first = await work(batched, { stop });
    expect(first).toMatchObject({ finished: false, computed: stop });
    const { rows, ...second } = await work(batched, { out: first.out });
    expect(second).toMatchObject({ finished: true, reused: stop });
    expect(rows).toEqual(whole);
  }
});

test('shards keep batches together; merged, and by worker processes, they are the bytes of one run', async () => {
  const out = await newFolder();
  const csv = (name: string) => readFile(join(out, name, 'results.csv'), 'utf8');
  const run = (name: string, options: Partial<RunOptions>) =>
    runExperiment(batched, { threads: 1, workers: 1, ...options, out: join(out, name) });
  await run('whole', {});
  await run('workers', { workers: 2 });
  const shards = [1, 2].map((index) => ({ index, count: 2 }));
  const computed: number[] = [];
  for (const shard of shards) computed.push((await run(`part-${shard.index}`, { shard })).computed);
  expect(computed.toSorted((a, b) => a - b)).not.toContain(0);
  expect(computed.every((units) => units % 22 === 0 || units % 22 === 11)).toBe(true);
  await mergeShards(
    shards.map(({ index }) => join(out, `part-${index}`)),
    { out: join(out, 'merged') },
  );
  expect(await csv('workers')).toBe(await csv('whole'));
  expect(await csv('merged')).toBe(await csv('whole'));
  const { config } = JSON.parse(await readFile(join(out, 'whole', 'run.json'), 'utf8')) as { config: object };
  expect(config).toMatchObject({ attackBatch: 2 });
}, 60_000);

test('a broken picture leaves its batch; mended, all that was attacked without it is computed again', async () => {
  const folder = await newFolder();
  const picture = (level: number) =>
    encodePng(
      tensor(
        [3, 16, 16],
        new Float32Array(768).map((_, i) => (i * level) % 1),
      ),
    );
  await mkdir(join(folder, 'pictures'));
  for (const [i, name] of ['a', 'b', 'c', 'd', 'e'].entries())
    await writeFile(join(folder, 'pictures', `${name}.png`), await picture(0.1 + i / 10));
  await writeFile(join(folder, 'pictures', 'b.png'), 'no picture');
  const other = { dataset: '{ kind: image-folder, path: pictures }', attacks: '[pgd]' };
  const file = await tinyExperiment(folder, { ...changes, ...other, attackBatch: '3' });
  const { out, ...first } = await work(file);
  const skipped = [{ sample: 'b.png' }];
  const pairs = [
    ['pgd', 2],
    ['pgd', 2],
  ];
  expect(first).toMatchObject({ computed: 16, skipped, attacked: pairs });
  expect(await work(file, { out })).toMatchObject({ computed: 0, reused: 16, skipped, attacked: [] });

  await writeFile(join(folder, 'pictures', 'b.png'), await picture(0.65));
  // All four units of b, and what was attacked beside it: two of a, two of c.
  const mended = await work(file, { out });
  expect(mended).toMatchObject({ computed: 8, reused: 12, skipped: [], attacked: [['pgd', 3]] });
  expect(mended.rows).toEqual((await work(file)).rows);
});
