import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '../../reports/index.ts';
import { openEngine } from '../engine/select.ts';
import type { Engine } from '../engine/engine.ts';
import { createRng } from '../numeric/random.ts';
import { readRecipe } from './compare.ts';
import type { Config } from './config.ts';
import { makePlan, type Unit } from './plan.ts';
import { readRecord } from './read-record.ts';
import { openStore } from './store.ts';
import { openSubjects } from './subject.ts';
import { createTaskRunner, inProcess } from './task-runner.ts';
import { changesOf, unlikeness } from './verify/changes.ts';
import { compareRows, type Compared, type UnitCheck } from './verify/compare-rows.ts';
import { readRows, readSampleHashes, readUnits } from './verify/recorded.ts';
import { workThrough, type Progress } from './work.ts';

export interface VerifyOptions {
  /** How many units are computed again. */
  readonly sample: number;
  /** Of the draw of units. */
  readonly seed: number;
  /** Name of another engine than that of the run. */
  readonly engine?: string;
  /** By default 0 where engine, versions, threads and platform are those of the run, else 1e-3. */
  readonly tolerance?: number;
  /** Aborting it ends the verification; what was computed is compared. */
  readonly signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

/** What came of computing some units of a run again. */
export interface Verification {
  /** Number of units in the run's results. */
  readonly units: number;
  readonly checks: readonly UnitCheck[];
  /** Largest difference of two values that counts as none, relative to the larger one where that is above 1; 0: to the last digit. */
  readonly tolerance: number;
  /** What about this machine and program is not as it was, in words. */
  readonly unlike: readonly string[];
  /** Models, plug-ins and samples that are not those of the run, in words. */
  readonly changed: readonly string[];
}

const otherwise = 1e-3;

/** Draws a number of items, in their order. */
function draw<T>(items: readonly T[], count: number, seed: number): T[] {
  const order = createRng(seed, 'verify').shuffle(items.map((_, i) => i));
  const chosen = order.slice(0, count).sort((a, b) => a - b);
  return chosen.map((i) => items[i]);
}

/** What was computed anew: rows by unit, and the samples' hashes by the key of the unit. */
interface Again {
  readonly rows: ReadonlyMap<string, readonly Compared[]>;
  readonly samples: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly unread: readonly string[];
}

/** Computes units in a folder of their own, which goes away. */
async function computeAgain(
  config: Config,
  units: readonly Unit[],
  engine: Engine,
  { signal, onProgress }: VerifyOptions,
): Promise<Again> {
  const out = await mkdtemp(join(tmpdir(), 'xai-gauntlet-verify-'));
  const store = await openStore(out);
  try {
    const plan = { units, leftOut: [] };
    const executor = inProcess(createTaskRunner(config, plan, engine));
    const rows = new Map<string, readonly Compared[]>();
    const { skipped } = await workThrough(config, plan, executor, store, {
      out,
      signal,
      onProgress(progress) {
        if (!progress.skipped) rows.set(progress.unit, progress.rows());
        onProgress?.(progress);
      },
    });
    const samples = new Map(units.map(({ key }) => [key, Object.assign({}, ...store.get(key).map((c) => c.samples))]));
    const unread = skipped.map(({ dataset, sample, reason }) => `${sample} of ${dataset} cannot be read: ${reason}`);
    return { rows, samples, unread };
  } finally {
    store.close();
    await rm(out, { recursive: true });
  }
}

/**
 * Computes a random part of a finished run again, from the config in its run.json, and compares it with results.csv; writes nothing to its folder.
 * Throws `UserError` where the folder holds no run, or its config can no longer be read.
 */
export async function verifyRun(folder: string, options: VerifyOptions): Promise<Verification> {
  const record: RunRecord = await readRecord(folder);
  const { recipe, engine: asked } = record.setting;
  const { threads = 1 } = record.engine;
  const config = { ...(await readRecipe({ ...recipe, file: join(folder, recipe.file) })), heatmaps: 0 };
  const subjects = await openSubjects(config);
  const engine = await openEngine(options.engine ?? asked, { threads });
  try {
    const unlike = await unlikeness(record, engine);
    const tolerance = options.tolerance ?? (unlike.length === 0 ? 0 : otherwise);
    const all = await readUnits(folder);
    const drawn = draw(all, options.sample, options.seed);
    const planned = new Map(makePlan(config, subjects, engine).units.map((unit) => [unit.description, unit]));
    const units = drawn.flatMap((unit) => planned.get(unit) ?? []);
    const before = await readRows(folder, drawn);
    const hashes = await readSampleHashes(folder, new Set(units.map(({ key }) => key)));
    const again: Again =
      units.length > 0
        ? await computeAgain(config, units, engine, options)
        : { rows: new Map(), samples: new Map(), unread: [] };
    const gone = drawn.filter((unit) => !planned.has(unit)).map((unit) => `${unit} is not in the data any more`);
    const changed = [...changesOf(record, config, subjects), ...gone, ...again.unread];
    for (const unit of units)
      for (const [id, hash] of Object.entries(hashes.get(unit.key) ?? {})) {
        const now = again.samples.get(unit.key)?.[id];
        const what = `${id} of ${unit.subject.entry.name} is not the sample it was`;
        if (now !== undefined && now !== hash && !changed.includes(what)) changed.push(what);
      }
    const compared = options.signal?.aborted ? drawn.filter((unit) => again.rows.has(unit)) : drawn;
    const checks = compared.map((unit) => compareRows(unit, before.get(unit)!, again.rows.get(unit) ?? [], tolerance));
    return { units: all.length, checks, tolerance, unlike, changed };
  } finally {
    await engine.release();
  }
}
