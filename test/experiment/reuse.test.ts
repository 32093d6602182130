import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { readConfig, type Config } from '../../src/experiment/config.ts';
import type { Executor, Task, TaskResult, UnitResult } from '../../src/experiment/executor.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { openRecall } from '../../src/experiment/recall.ts';
import { openStore, type StoredCells } from '../../src/experiment/store.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { createTaskRunner, inProcess, type TaskRunner } from '../../src/experiment/task-runner.ts';
import { workThrough } from '../../src/experiment/work.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
const small = {
  explainers: '[srd, random]',
  attacks: '[{ use: targeted-manipulation, steps: 2 }, gaussian-noise]',
  metrics: '[{ use: deletion, steps: 4 }, ssim]',
};

/** A config whose attacks are slow enough to be worth keeping, and counted. */
function counted(config: Config): { readonly config: Config; readonly attacked: string[] } {
  const attacked: string[] = [];
  const attacks = config.attacks.map((entry) => {
    const { definition, name } = entry;
    const prepare: typeof definition.prepare = (setup) => {
      const perturb = definition.prepare(setup);
      return async (victims) => {
        attacked.push(name);
        await setTimeout(40);
        return perturb(victims);
      };
    };
    return { ...entry, definition: { ...definition, prepare } };
  });
  return { config: { ...config, attacks }, attacked };
}

interface Options {
  /** Of the cache; by default one for all runs of a test. */
  readonly bytes?: number;
  /** By default all in this process, in order. */
  readonly executorOf?: (run: TaskRunner) => Executor;
}

async function start() {
  const folder = await temporaryFolder();
  /** What a run computes and gathers, without the reports. */
  async function run(config: Config, out: string, { bytes = 1e9, executorOf = inProcess }: Options = {}) {
    const store = await openStore(join(folder, out));
    const plan = makePlan(config, await openSubjects(config));
    const recall = bytes > 0 ? await openRecall({ folder: join(folder, 'cache'), bytes }, engine, 1) : undefined;
    const executor = executorOf(createTaskRunner(config, plan, engine, recall));
    const { records, ...work } = await workThrough(config, plan, executor, store, { out: join(folder, out) });
    const all = [...records];
    store.close();
    return { ...work, records: all };
  }
  return {
    folder,
    config: async (changes = {}) => counted(await readConfig(await tinyExperiment(folder, { ...small, ...changes }))),
    run,
    units: (out: string) => readFile(join(folder, out, 'units.jsonl'), 'utf8'),
  };
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredCells);

test('another metric computes its own cells, on the attacked pictures of before', async () => {
  const { config, run, units } = await start();
  const first = await config();
  expect(await run(first.config, 'grown')).toMatchObject({ computed: 15 });
  // Per sample: manipulation of the one white box, and noise for all.
  expect(first.attacked).toHaveLength(3 * 2);
  const before = await units('grown');

  const more = await config({ metrics: '[sparseness, { use: deletion, steps: 4 }, pearson, ssim]' });
  const grown = await run(more.config, 'grown');
  expect(grown).toMatchObject({ computed: 15, reused: 0 });
  expect(more.attacked).toEqual([]);
  const added = linesOf((await units('grown')).slice(before.length));
  const metricsOf = ({ cells }: StoredCells) =>
    Object.values(cells).flatMap(({ rows }) => rows.map(({ metric }) => metric.split(':')[0]));
  expect(added.map(metricsOf)).toEqual(
    Array.from({ length: 3 }, () => [
      ['sparseness'],
      ['sparseness'],
      ['sparseness', ...Array<string>(5).fill('pearson')],
      ['sparseness', 'pearson'],
      ['sparseness', 'pearson'],
    ]).flat(),
  );
  expect(grown.records).toEqual((await run(more.config, 'anew', { bytes: 0 })).records);
  expect(await run(first.config, 'grown')).toMatchObject({ computed: 0, reused: 15 });
});

test('another explainer is attacked and scored alone; pictures that serve all are not made again', async () => {
  const { config, run } = await start();
  await run((await config()).config, 'grown');
  const more = await config({ explainers: '[grad-cam, srd, random]' });
  const grown = await run(more.config, 'grown');
  expect(grown).toMatchObject({ computed: 9, reused: 15 });
  expect(more.attacked).toEqual(Array<string>(3).fill('targeted-manipulation'));
  expect(grown.records).toEqual((await run(more.config, 'anew', { bytes: 0 })).records);
});

test('runs share a cache; without one, or with another seed, all is made anew', async () => {
  const { config, run } = await start();
  const attacked = async (out: string, options: Options = {}, changes = {}) => {
    const one = await config(changes);
    await run(one.config, out, options);
    return one.attacked.length;
  };
  expect(await attacked('a')).toBe(6);
  expect(await attacked('b')).toBe(0);
  expect(await attacked('c', {}, { seed: '1' })).toBe(6);
  expect(await attacked('d', { bytes: 0 })).toBe(6);
});

test('results do not depend on the order of the work, on reports of whole tasks, or on one that comes twice', async () => {
  const { config: make, run, units } = await start();
  const { config } = await make();
  const backwards = (runTask: TaskRunner): Executor => ({
    async execute(tasks, { onResult }) {
      const all: Task[] = [];
      for await (const task of tasks) all.unshift({ ...task, units: task.units.toReversed() });
      for (const task of all) {
        const done: UnitResult[] = [];
        await runTask(task, { onResult: (result) => Promise.resolve(void done.push(...result.units)) });
        const travelled = JSON.parse(JSON.stringify({ task: task.id, units: done })) as TaskResult;
        await onResult(travelled);
        await onResult(travelled);
      }
    },
  });
  const result = await run(config, 'backwards', { bytes: 0, executorOf: backwards });
  expect(result).toMatchObject({ finished: true, computed: 15 });
  expect(result.records).toEqual((await run(config, 'straight', { bytes: 0 })).records);
  expect(linesOf(await units('backwards'))).toHaveLength(15);
});
