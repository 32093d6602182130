import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { comparisonConfig, readRecipe } from '../../src/experiment/compare.ts';
import { readConfig, type Config, type Recipe } from '../../src/experiment/config.ts';
import type { Task, UnitResult } from '../../src/experiment/executor.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { shareOut } from '../../src/experiment/share.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { workerPool } from '../../src/experiment/workers/pool.ts';
import * as g from '../../src/graph/index.ts';
import { workOf } from '../../src/model/model.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

const script = fileURLToPath(new URL('fake-worker.mjs', import.meta.url));

async function* tasksOf(units: readonly (readonly string[])[]): AsyncGenerator<Task> {
  for (const [i, descriptions] of units.entries())
    yield {
      id: `task-${i}`,
      units: descriptions.map((description, k) => ({ key: `${i}.${k}`, description, cells: [], maps: false })),
    };
}

async function fake(units: readonly (readonly string[])[], size = 2, signal?: AbortSignal, onUnit?: () => void) {
  const pool = workerPool({ recipe: { text: await temporaryFolder(), file: '' } }, size, script);
  const results: UnitResult[] = [];
  await pool.execute(tasksOf(units), {
    signal,
    onResult: ({ units: done }) => {
      results.push(...done);
      onUnit?.();
      return Promise.resolve();
    },
  });
  return results;
}

test('worker processes share the tasks, and each unit is told once', async () => {
  const results = await fake(Array.from({ length: 12 }, () => ['a', 'b']));
  expect(results.map(({ key }) => key).sort()).toEqual(
    Array.from({ length: 24 }, (_, i) => `${i >> 1}.${i % 2}`).sort(),
  );
  expect(new Set(results.map(({ seconds }) => seconds)).size).toBe(2);
});

test('a task whose process dies goes on in another, from the unit at work', async () => {
  const results = await fake([['a', 'dies once', 'c'], ['d']]);
  expect(results.map(({ key }) => key).sort()).toEqual(['0.0', '0.1', '0.2', '1.0']);
});

test('a unit at which two processes die is named', async () => {
  await expect(fake([['a', 'x/dies always'], ['b']])).rejects.toThrow(
    /^x\/dies always: a worker process was ended by SIGKILL, twice in a row/,
  );
});

test("an error in a worker ends the run, a user's mistake stays one", async () => {
  await expect(fake([['x/fails']])).rejects.toThrow(/^x\/fails: broken/);
  await expect(fake([['a'], ['mistake fails']])).rejects.toBeInstanceOf(UserError);
});

test('a signal lets the units at work end and begins no other', async () => {
  const controller = new AbortController();
  const many = Array.from({ length: 200 }, () => ['a', 'b', 'c']);
  const results = await fake(many, 2, controller.signal, () => controller.abort());
  expect(results.length).toBeGreaterThan(0);
  expect(results.length).toBeLessThan(600);
});

test('what cannot be kept ends the run', async () => {
  const pool = workerPool({ recipe: { text: await temporaryFolder(), file: '' } }, 2, script);
  const onResult = () => Promise.reject(new Error('disk full'));
  await expect(pool.execute(tasksOf([['a', 'b'], ['c']]), { onResult })).rejects.toThrow('disk full');
});

test('another process plans the same units from a recipe', async () => {
  const folder = await temporaryFolder();
  const config = await readConfig(await tinyExperiment(folder));
  const keysOf = async (one: Config) => makePlan(one, await openSubjects(one)).units.map(({ key }) => key);
  for (const one of [config, await comparisonConfig(config, 'gradient', 'srd')]) {
    const recipe = JSON.parse(JSON.stringify(one.recipe)) as Recipe;
    expect(await keysOf(await readRecipe(recipe))).toEqual(await keysOf(one));
  }
});

test('two processes leave the bytes of one', async () => {
  const folder = await temporaryFolder();
  const config = await tinyExperiment(folder, {
    explainers: '[srd, random]',
    attacks: '[{ use: targeted-manipulation, steps: 2 }, gaussian-noise]',
    metrics: '[{ use: deletion, steps: 4 }, ssim]',
  });
  const run = (workers: number) => runExperiment(config, { out: join(folder, `by-${workers}`), threads: 1, workers });
  const texts: string[] = [];
  for (const workers of [1, 2]) {
    expect(await run(workers)).toMatchObject({ finished: true, computed: 15 });
    texts.push(await readFile(join(folder, `by-${workers}`, 'results.csv'), 'utf8'));
  }
  expect(texts[1]).toBe(texts[0]);
}, 120_000);

test('small nets get a process a core, large ones threads', () => {
  const net = (width: number) => {
    const pixels = g.input('pixels', ['N', 3, 32, 32]);
    const weights = g.constant(new Float32Array(width * 3 * 9), [width, 3, 3, 3]);
    const features = g.conv(pixels, weights, undefined, { pads: [1, 1, 1, 1] });
    return { logits: g.reduceMean(features, [2, 3]) } as Parameters<typeof workOf>[0];
  };
  expect(workOf(net(5))).toBe(5 * 32 * 32 * 27);
  const [small, large] = [net(5), net(40_000)];
  expect(shareOut([small], {}, 8)).toEqual({ workers: 8, threads: 1 });
  expect(shareOut([small, large], {}, 8)).toEqual({ workers: 2, threads: 4 });
  expect(shareOut([large], {}, 2)).toEqual({ workers: 1, threads: 2 });
  expect(shareOut([small], { workers: 3 }, 8)).toEqual({ workers: 3, threads: 1 });
  expect(shareOut([large], { threads: 1 }, 8)).toEqual({ workers: 8, threads: 1 });
});
