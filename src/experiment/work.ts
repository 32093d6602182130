import type { Engine } from '../engine/engine.ts';
import type { Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import type { Config } from './config.ts';
import { hasMaps, keepMaps } from './maps.ts';
import type { Plan, Unit } from './plan.ts';
import { createPrograms, type Programs } from './programs.ts';
import { createSampleWork, type SampleWork } from './sample-work.ts';
import { groupsOf, loadOrSkip, sampleHashes, type SampleHashes, type Skipped } from './samples.ts';
import type { Store, UnitRecord } from './store.ts';
import type { Subject } from './subject.ts';
import { scoreUnit } from './unit.ts';

/** How far a run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** The unit or sample that was done last. */
  readonly unit: string;
}

/** What the units of a plan came to. */
export interface Work {
  /** False when a signal ended it early. */
  readonly finished: boolean;
  /** Finished units, in the order of the plan. */
  readonly records: readonly UnitRecord[];
  readonly computed: number;
  readonly skipped: readonly Skipped[];
  readonly hashes: ReadonlyMap<Subject, SampleHashes>;
  /** Seconds spent on computed units, by model, explainer and attack; the first unit that needs a shared part pays for it. */
  readonly seconds: ReadonlyMap<string, number>;
}

export interface WorkOptions {
  /** Folder of the results. */
  readonly out: string;
  readonly signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

/** Says in which unit an error arose; a user's mistake stays one. */
function inUnit(error: unknown, { description }: Unit): Error {
  const message = `${description}: ${error instanceof Error ? error.message : String(error)}`;
  return error instanceof UserError ? new UserError(message, { cause: error }) : new Error(message, { cause: error });
}

/** The programs of one model at a time: those of the last one are freed when another comes. */
function programsByModel(engine: Engine, seed: number): (model: Model) => Promise<Programs> {
  let current: { readonly model: Model; readonly programs: Programs } | undefined;
  return async (model) => {
    if (current?.model !== model) {
      if (current) await engine.release();
      current = { model, programs: createPrograms(engine, model, seed) };
    }
    return current.programs;
  };
}

/** Computes the units of a plan that the store does not hold yet, one by one. A sample that cannot be read is skipped. */
export async function workThrough(
  config: Config,
  plan: Plan,
  engine: Engine,
  store: Store,
  { out, signal, onProgress }: WorkOptions,
): Promise<Work> {
  const programsFor = programsByModel(engine, config.seed);
  const total = plan.units.length;
  const records: UnitRecord[] = [];
  const skipped: Skipped[] = [];
  const hashes = new Map<Subject, SampleHashes>();
  const seconds = new Map<string, number>();
  let [done, computed] = [0, 0];
  const isDrawn = ({ index }: Unit) => index < config.heatmaps;

  async function isDone(unit: Unit, known: SampleHashes): Promise<boolean> {
    const record = store.get(unit.key);
    if (!record || (isDrawn(unit) && !hasMaps(out, unit.key))) return false;
    for (const [id, hash] of Object.entries(record.samples)) if ((await known.of(id)) !== hash) return false;
    return true;
  }

  async function compute(unit: Unit, programs: Programs, work: SampleWork): Promise<void> {
    const begun = performance.now();
    const { rows, curves, shown } = await scoreUnit(config, unit, programs, work);
    const kind = [unit.subject.model.name, unit.explainer.name, unit.attack?.name ?? 'none'].join('/');
    seconds.set(kind, (seconds.get(kind) ?? 0) + (performance.now() - begun) / 1000);
    const used = [work.sample, ...(shown.attacked?.other ? [shown.attacked.other] : [])];
    if (isDrawn(unit)) await keepMaps(out, unit.key, shown);
    store.append({ key: unit.key, samples: Object.fromEntries(used.map(({ id, hash }) => [id, hash])), rows, curves });
  }

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
    known.add(sample);
    let work: SampleWork | undefined;
    for (const unit of units) {
      if (signal?.aborted) return { finished: false, records, computed, skipped, hashes, seconds };
      if (!(await isDone(unit, known))) {
        try {
          const programs = await programsFor(subject.model);
          work ??= createSampleWork(config, subject, programs, index, sample);
          await compute(unit, programs, work);
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
  return { finished: true, records, computed, skipped, hashes, seconds };
}
