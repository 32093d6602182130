import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/select.ts';
import { UserError } from '../numeric/errors.ts';
import { readConfig, type Config } from './config.ts';
import { acquireLock } from './lock.ts';
import type { Executor } from './executor.ts';
import type { Setting } from './open-runner.ts';
import { firstSamples, makePlan, type Plan } from './plan.ts';
import { writeResults, type Results } from './results.ts';
import type { RunFacts } from './run-record.ts';
import { openRecall, type CacheSetting } from './recall.ts';
import type { SetAside, Skipped } from './samples.ts';
import { clear, openStore } from './store.ts';
import { factsOf } from './queue/description.ts';
import { shardOf, writeShard, type Shard } from './shard.ts';
import { shareOut, type Share } from './share.ts';
import { openSubjects, type Subject } from './subject.ts';
import { createTaskRunner, inProcess } from './task-runner.ts';
import { workerPool } from './workers/pool.ts';
import { workThrough, type WorkOptions } from './work.ts';

export type { Progress } from './work.ts';

/** What an executor may want to know of a run. */
export interface RunContext {
  readonly config: Config;
  /** Of the whole experiment, also where a part of it is computed. */
  readonly plan: Plan;
  readonly engine: Engine;
  /** What another process needs to compute the same. */
  readonly setting: Setting;
  readonly out: string;
}

/** Aborting `signal` ends the run after the unit at work; what is finished is kept. */
export interface RunOptions extends WorkOptions {
  /** Forget what an earlier run left in the folder. */
  readonly fresh?: boolean;
  /** Its name; by default that of the config, else ONNX Runtime. Or an engine of this process, which does all the work then. */
  readonly engine?: Engine | string;
  /** Processes; by default as many as the machine and the size of the models suggest. */
  readonly workers?: number;
  /** Threads of one operator, by default likewise. Another number can change the last digits. */
  readonly threads?: number;
  /** Where attacked pictures and slow maps are kept for metrics to come; by default in the folder of the results, up to 2 GiB. `bytes: 0` keeps none. */
  readonly cache?: Partial<CacheSetting>;
  /** Where units are computed instead. */
  readonly executor?: (context: RunContext) => Executor;
  /** Compute the first samples of each dataset only; a run without it goes on with the others. */
  readonly samples?: number;
  /** Compute a part only, and leave no reports: `mergeShards` writes them. */
  readonly shard?: Shard;
  onPlan?(plan: Plan, subjects: readonly Subject[], share: Share): void;
}

const defaultCacheBytes = 2 * 2 ** 30;

/** What a run came to. */
export interface RunResult extends Results {
  /** False when the run was stopped; it has no reports then. */
  readonly finished: boolean;
  readonly units: number;
  readonly computed: number;
  /** Units that an earlier run had finished. */
  readonly reused: number;
  readonly skipped: readonly Skipped[];
  /** What failed elsewhere until it was given up; the results are without it, and another run tries it again. */
  readonly setAside: readonly SetAside[];
}

/**
 * Runs an experiment, given as a config or the path of its file. Each finished unit is on disk before the next begins: a run
 * that was stopped or killed goes on where it was, and gives the same results. A sample that cannot be read is skipped and
 * reported; whatever else fails ends the run. Throws `UserError` when another process writes to the folder, or an APOP run has.
 */
export async function runExperiment(config: Config | string, options: RunOptions): Promise<RunResult> {
  if (typeof config === 'string') return runExperiment(await readConfig(config), options);
  const subjects = await openSubjects(config);
  const asked = options.engine ?? config.engine;
  const models = [...new Set(subjects.map(({ model }) => model))];
  const { threads, workers: suggested } = shareOut(models, options);
  const engine = typeof asked === 'object' ? asked : await openEngine(asked, { threads });
  // What is not a processor of this machine is not divided.
  const divided = typeof asked !== 'object' && (options.workers !== undefined || engine.device === 'cpu');
  const share: Share = { workers: options.executor ? 0 : divided ? suggested : 1, threads };
  const { folder = join(options.out, 'cache'), bytes = defaultCacheBytes } = options.cache ?? {};
  const cache = bytes > 0 ? { folder, bytes } : undefined;
  const whole = makePlan(config, subjects, engine);
  const first = firstSamples(whole, options.samples ?? Infinity);
  const plan = options.shard ? shardOf(first, options.shard) : first;
  const unlock = await acquireLock(join(options.out, 'lock'));
  try {
    if (existsSync(join(options.out, 'nets')))
      throw new UserError(`${options.out}: holds the results of an APOP run; choose another folder with --out`);
    options.onPlan?.(plan, subjects, share);
    const setting: Setting = {
      recipe: config.recipe,
      engine: typeof asked === 'object' ? undefined : asked,
      threads,
      cache,
    };
    const executor =
      options.executor?.({ config, plan: whole, engine, setting, out: options.out }) ??
      (share.workers > 1 && typeof asked !== 'object'
        ? workerPool(setting, share.workers)
        : inProcess(createTaskRunner(config, plan, engine, cache && (await openRecall(cache, engine, threads)))));
    const result = await runPlan(config, plan, engine, executor, { ...options, share, asked: setting.engine });
    if (options.shard && result.finished && result.setAside.length === 0) {
      const recipe = { ...config.recipe, file: resolve(config.recipe.file) };
      const facts = await factsOf(config, whole, engine);
      await writeShard(options.out, { ...options.shard, setting: { ...setting, recipe, cache: undefined }, facts });
    }
    return result;
  } finally {
    if (engine !== asked) await engine.release();
    await unlock();
  }
}

async function runPlan(
  config: Config,
  plan: Plan,
  engine: Engine,
  executor: Executor,
  options: RunOptions & Pick<RunFacts, 'share' | 'asked'>,
): Promise<RunResult> {
  const { share, asked } = options;
  const started = new Date();
  if (options.fresh) await clear(options.out);
  const store = await openStore(options.out);
  try {
    const work = await workThrough(config, plan, executor, store, options);
    const { finished, computed, reused, skipped, setAside } = work;
    const results =
      finished && !options.shard
        ? await writeResults(config, plan, engine, work, { started, share, asked, out: options.out })
        : { rows: 0, summaries: [], files: [] };
    return { ...results, finished, units: plan.units.length, computed, reused, skipped, setAside };
  } finally {
    store.close();
  }
}
