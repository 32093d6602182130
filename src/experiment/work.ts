import type { Row } from '../../reports/row.ts';
import { UserError } from '../numeric/errors.ts';
import type { Config } from './config.ts';
import type { Executor, Task, TaskResult, TaskUnit } from './executor.ts';
import { keepMaps } from './maps.ts';
import { leftOf, valid } from './outstanding.ts';
import type { Plan, Unit } from './plan.ts';
import { recordOf, type UnitRecord } from './records.ts';
import {
  batchesOf,
  idOf,
  sampleHashes,
  type Batch,
  type Group,
  type SampleHashes,
  type SetAside,
  type Skipped,
} from './samples.ts';
import type { Store } from './store.ts';
import type { Subject } from './subject.ts';

/** How far a run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** The unit or sample that was done last. */
  readonly unit: string;
  /** What was computed; absent for a unit that an earlier run had finished. */
  readonly spent?: { readonly explainer: string; readonly attack: string; readonly seconds: number };
  /** The sample that could not be read, all of whose units are done with. */
  readonly skipped?: Skipped;
  /** The sample whose units were given up. */
  readonly setAside?: SetAside;
  /** Reads the rows of the unit; none for a skipped sample. */
  rows(): readonly Row[];
}

/** What the units of a plan came to. */
export interface Work {
  /** False when a signal ended it early. */
  readonly finished: boolean;
  /** Finished units, in the order of the plan; read from the store as one goes through them. */
  readonly records: Iterable<UnitRecord>;
  /** Units of which something was computed. */
  readonly computed: number;
  /** Units of which nothing was left to compute. */
  readonly reused: number;
  readonly skipped: readonly Skipped[];
  readonly setAside: readonly SetAside[];
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

const kindOf = ({ subject, explainer, attack }: Unit) =>
  [subject.model.name, explainer.name, attack?.name ?? 'none'].join('/');

/**
 * Has an executor compute what the store does not hold yet of a plan, and keeps it. A sample that cannot be read is skipped.
 * What comes of it depends on neither the executor nor the order in which it reports.
 */
export async function workThrough(
  config: Config,
  plan: Plan,
  executor: Executor,
  store: Store,
  { out, signal, onProgress }: WorkOptions,
): Promise<Work> {
  const total = plan.units.length;
  const byKey = new Map(plan.units.map((unit) => [unit.key, unit]));
  const batches = new Map(batchesOf(plan).map((batch) => [idOf(batch[0]), batch]));
  const groups = new Map([...batches.values()].flat().map((group) => [idOf(group), group]));
  const hashes = new Map(plan.units.map(({ subject }) => [subject, sampleHashes(subject)]));
  const waiting = new Set<string>();
  const unread = new Map<Group, string>();
  const setAside: SetAside[] = [];
  const seconds = new Map<string, number>();
  let [done, computed, reused] = [0, 0, 0];
  const record = (unit: Unit) => recordOf(config, unit, valid(store.get(unit.key), hashes.get(unit.subject)!));

  function progress(unit: Unit, spent?: Progress['spent']): void {
    done++;
    onProgress?.({ done, total, unit: unit.description, spent, rows: () => record(unit).rows });
  }

  const waitingOf = ({ units }: Group) => units.filter(({ key }) => waiting.has(key));

  /** `left`: those of its units that are not counted as done. */
  function skip(group: Group, reason: string, left: readonly Unit[]): void {
    unread.set(group, reason);
    for (const { key } of left) waiting.delete(key);
    done += left.length;
    onProgress?.({ done, total, unit: idOf(group), skipped: skippedOf(group, reason), rows: () => [] });
  }

  function giveUp(batch: Batch, reason: string): void {
    for (const group of batch) {
      const { subject, index } = group;
      const units = waitingOf(group).length;
      if (units === 0) continue;
      const sample = subject.dataset.ids[index];
      const given: SetAside = { model: subject.model.name, dataset: subject.entry.name, sample, units, reason };
      setAside.push(given);
      done += units;
      onProgress?.({ done, total, unit: idOf(group), setAside: given, rows: () => [] });
    }
  }

  async function onResult({ task, units, skipped: unreadable, setAside: cause }: TaskResult): Promise<void> {
    const left = unreadable && byKey.get(unreadable.units[0]);
    const group = left && groups.get(idOf(left));
    if (group && !unread.has(group)) skip(group, unreadable.reason, waitingOf(group));
    const batch = batches.get(task);
    if (cause !== undefined && batch) giveUp(batch, cause);
    for (const { seconds: spent, maps, ...stored } of units) {
      const unit = byKey.get(stored.key);
      if (!unit || !waiting.delete(stored.key)) continue;
      for (const [id, hash] of Object.entries(stored.samples)) hashes.get(unit.subject)!.add({ id, hash });
      if (maps !== undefined) await keepMaps(out, unit.key, Buffer.from(maps, 'base64'));
      if (Object.keys(stored.cells).length > 0) store.append(stored);
      seconds.set(kindOf(unit), (seconds.get(kindOf(unit)) ?? 0) + spent);
      computed++;
      progress(unit, { explainer: unit.explainer.name, attack: unit.attack?.name ?? 'none', seconds: spent });
    }
  }

  /** Where a unit stands among those of one sample: by attack, then by explainer. */
  const placeOf = ({ key }: TaskUnit): number => {
    const { attack, explainer } = byKey.get(key)!;
    const attacks = attack ? 1 + config.attacks.indexOf(attack) : 0;
    return attacks * config.explainers.length + config.explainers.indexOf(explainer);
  };

  async function* tasks(): AsyncGenerator<Task> {
    for (const [id, batch] of batches) {
      const outstanding: TaskUnit[] = [];
      for (const group of batch) {
        const left = await leftOf(config, group, store, hashes.get(group.subject)!, out);
        if ('reason' in left) {
          skip(group, left.reason, group.units);
          continue;
        }
        outstanding.push(...left.units);
        for (const { key } of left.units) waiting.add(key);
        for (const unit of group.units) {
          if (waiting.has(unit.key)) continue;
          reused++;
          progress(unit);
        }
      }
      outstanding.sort((a, b) => placeOf(a) - placeOf(b));
      if (outstanding.length > 0) yield { id, units: outstanding };
    }
  }

  await executor.execute(tasks(), { onResult, signal });
  const skipped = allSkipped(groups.values(), unread);
  if (groups.size > 0 && unread.size === groups.size)
    throw new UserError(`no sample could be read; the first one: ${skipped[0].reason}`);
  if (setAside.length > 0 && computed + reused === 0)
    throw new Error(`nothing could be computed; the first sample: ${setAside[0].reason}`);
  const records: Iterable<UnitRecord> = {
    *[Symbol.iterator]() {
      for (const group of groups.values())
        if (!unread.has(group)) for (const unit of group.units) if (!waiting.has(unit.key)) yield record(unit);
    },
  };
  return { finished: done === total, records, computed, reused, skipped, setAside, hashes, seconds };
}

const skippedOf = ({ subject, index }: Group, reason: string): Skipped => ({
  dataset: subject.entry.name,
  sample: subject.dataset.ids[index],
  reason,
});

/** Samples that could not be read, in the order of the plan, each once whatever the number of models. */
function allSkipped(groups: Iterable<Group>, unread: ReadonlyMap<Group, string>): Skipped[] {
  const all = new Map<string, Skipped>();
  for (const group of groups) {
    const reason = unread.get(group);
    if (reason === undefined) continue;
    const skipped = skippedOf(group, reason);
    const id = JSON.stringify([skipped.dataset, skipped.sample]);
    if (!all.has(id)) all.set(id, skipped);
  }
  return [...all.values()];
}
