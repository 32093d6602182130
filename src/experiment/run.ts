import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Summary } from '../../reports/index.ts';
import { writeWhole } from '../../reports/write.ts';
import type { Engine } from '../engine/engine.ts';
import type { Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { readConfig, type Config } from './config.ts';
import { curveSets } from './curves.ts';
import { figures } from './figures.ts';
import { acquireLock } from './lock.ts';
import { hasMaps, keepMaps } from './maps.ts';
import { makePlan, type Plan, type Unit } from './plan.ts';
import { createPrograms, type Programs } from './programs.ts';
import { runRecord, type Skipped } from './run-record.ts';
import { createSampleWork, type SampleWork } from './sample-work.ts';
import { clear, openStore, type Store, type UnitRecord } from './store.ts';
import { groupsOf, loadOrSkip, sampleHashes } from './samples.ts';
import { openSubjects, type Subject } from './subject.ts';
import { scoreUnit } from './unit.ts';

/** How far a run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** The unit or sample that was done last. */
  readonly unit: string;
}

export interface RunOptions {
  /** Folder of the results. */
  readonly out: string;
  /** Forget what an earlier run left in the folder. */
  readonly fresh?: boolean;
  /** By default ONNX Runtime. */
  readonly engine?: Engine;
  /** Aborting ends the run after the unit at work; what is finished is kept. */
  readonly signal?: AbortSignal;
  onPlan?(plan: Plan, subjects: readonly Subject[]): void;
  onProgress?(progress: Progress): void;
}

export interface RunResult {
  /** False when the run was stopped; it has no reports then. */
  readonly finished: boolean;
  readonly units: number;
  readonly computed: number;
  readonly reused: number;
  readonly skipped: readonly Skipped[];
  readonly rows: number;
  readonly summaries: readonly Summary[];
  /** Written files, relative to the folder of the results. */
  readonly files: readonly string[];
}

/** Says in which unit an error arose; a user's mistake stays one. */
function inUnit(error: unknown, { description }: Unit): Error {
  const message = `${description}: ${error instanceof Error ? error.message : String(error)}`;
  return error instanceof UserError ? new UserError(message, { cause: error }) : new Error(message, { cause: error });
}

/**
 * Runs an experiment, given as a config or the path of its file. Each finished unit is on disk before the next begins: a run that was stopped or
 * killed goes on where it was, and gives the same results. A sample that cannot be read is skipped and reported; whatever else fails ends the run.
 */
export async function runExperiment(config: Config | string, options: RunOptions): Promise<RunResult> {
  if (typeof config === 'string') return runExperiment(await readConfig(config), options);
  const subjects = await openSubjects(config);
  const plan = makePlan(config, subjects);
  options.onPlan?.(plan, subjects);
  const unlock = await acquireLock(join(options.out, 'lock'));
  const engine = options.engine ?? (await import('../engine/onnxruntime.ts')).createOnnxRuntimeEngine();
  try {
    if (options.fresh) await clear(options.out);
    const store = await openStore(options.out);
    try {
      const result = await runPlan(config, plan, engine, store, options);
      if (!options.engine) await engine.release();
      return result;
    } finally {
      await store.close();
    }
  } finally {
    await unlock();
  }
}

async function runPlan(
  config: Config,
  plan: Plan,
  engine: Engine,
  store: Store,
  options: RunOptions,
): Promise<RunResult> {
  const { out, signal, onProgress } = options;
  const started = new Date();
  const total = plan.units.length;
  const records: UnitRecord[] = [];
  const skipped: Skipped[] = [];
  const hashes = new Map<Subject, ReturnType<typeof sampleHashes>>();
  let current: { readonly model: Model; readonly programs: Programs } | undefined;
  let [done, computed] = [0, 0];

  async function isDone(unit: Unit, known: ReturnType<typeof sampleHashes>): Promise<boolean> {
    const record = store.get(unit.key);
    if (!record || (unit.index < config.heatmaps && !hasMaps(out, unit.key))) return false;
    for (const [id, hash] of Object.entries(record.samples)) if ((await known.of(id)) !== hash) return false;
    return true;
  }

  async function programsFor(model: Model): Promise<Programs> {
    if (current?.model !== model) {
      if (current) await engine.release();
      current = { model, programs: createPrograms(engine, model) };
    }
    return current.programs;
  }

  async function compute(
    unit: Unit,
    work: SampleWork,
    programs: Programs,
    known: ReturnType<typeof sampleHashes>,
  ): Promise<void> {
    const { rows, curves, shown } = await scoreUnit(config, unit, programs, work);
    const samples: Record<string, string> = { [work.sample.id]: work.sample.hash };
    const other = shown.attacked?.other;
    if (other !== undefined) samples[other] = (await known.of(other))!;
    if (unit.index < config.heatmaps) await keepMaps(out, unit.key, shown);
    await store.append({ key: unit.key, samples, rows, curves });
  }

  const result = () => ({ units: total, computed, reused: records.length - computed, skipped });
  for (const group of groupsOf(plan)) {
    const { subject, index, units } = group;
    const known = hashes.get(subject) ?? sampleHashes(subject);
    hashes.set(subject, known);
    const sample = await loadOrSkip(group, skipped);
    if (!sample) {
      done += units.length;
      onProgress?.({ done, total, unit: subject.dataset.ids[index] });
      continue;
    }
    known.known.set(sample.id, sample.hash);
    let work: SampleWork | undefined;
    for (const unit of units) {
      if (signal?.aborted) return { finished: false, ...result(), rows: 0, summaries: [], files: [] };
      if (!(await isDone(unit, known))) {
        try {
          const programs = await programsFor(subject.model);
          work ??= createSampleWork(config, subject, programs, index, sample);
          await compute(unit, work, programs, known);
        } catch (error) {
          throw inUnit(error, unit);
        }
        computed++;
      }
      records.push(store.get(unit.key)!);
      onProgress?.({ done: ++done, total, unit: unit.description });
    }
  }
  if (records.length === 0) throw new UserError(`no sample could be read; the first one: ${skipped[0].reason}`);

  const { summarise, writeReports } = await import('../../reports/index.ts');
  for (const folder of ['charts', 'heatmaps']) await rm(join(out, folder), { recursive: true, force: true });
  const rows = records.flatMap((record) => record.rows);
  const files = await writeReports({
    rows,
    metrics: config.metrics.map(({ name, definition: { title, better, range } }) => ({ name, title, better, range })),
    curves: curveSets(records),
    figures: figures(config, plan, out),
    out,
  });
  const record = await runRecord(config, plan, engine, {
    ...result(),
    started,
    seconds: (Date.now() - started.getTime()) / 1000,
    rows: rows.length,
    sampleHashes: new Map([...hashes].map(([subject, { known }]) => [subject, idsInOrder(subject, known)])),
  });
  await writeWhole(join(out, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
  return { finished: true, ...result(), rows: rows.length, summaries: summarise(rows), files: [...files, 'run.json'] };
}

const idsInOrder = ({ dataset }: Subject, known: ReadonlyMap<string, string>) =>
  dataset.ids.flatMap((id) => known.get(id) ?? []);
