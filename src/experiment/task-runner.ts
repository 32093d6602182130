import type { Engine } from '../engine/engine.ts';
import type { Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { createBatchWork, type MemberWork } from './batch-work.ts';
import { cellsOf, type Cell } from './cells.ts';
import type { Config } from './config.ts';
import type { Executor, Task, TaskEvents, TaskUnit, UnitResult } from './executor.ts';
import { packMaps } from './maps.ts';
import type { Plan, Unit } from './plan.ts';
import { createPrograms, type Programs } from './programs.ts';
import type { Recall } from './recall.ts';
import { loadBatch } from './samples.ts';
import { createUnitWork } from './unit.ts';

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

/** Does tasks of a plan one by one; each unit is reported as soon as it is done. */
export type TaskRunner = (task: Task, events: TaskEvents) => Promise<void>;

/** Prepares for the tasks of a plan. What runs the tasks of another process must have made the same plan: keys tell. */
export function createTaskRunner(config: Config, plan: Plan, engine: Engine, recall?: Recall): TaskRunner {
  const programsFor = programsByModel(engine, config.seed);
  const byKey = new Map(plan.units.map((unit) => [unit.key, unit]));

  function unitOf({ key }: TaskUnit, task: Task): Unit {
    const unit = byKey.get(key);
    if (unit) return unit;
    throw new UserError(
      `${task.id}: this process knows no unit ${key}: its config, models, plug-ins or version of the package are not those of the run; make them the same`,
    );
  }

  async function compute(wanted: TaskUnit, unit: Unit, programs: Programs, work: MemberWork): Promise<UnitResult> {
    const begun = performance.now();
    const unitWork = createUnitWork(config, unit, programs, work);
    const cells: Record<string, Cell> = {};
    for (const cell of cellsOf(config, unit))
      if (wanted.cells.includes(cell.key)) cells[cell.key] = await unitWork.cell(cell);
    const maps = wanted.maps ? Buffer.from(packMaps(await unitWork.shown())).toString('base64') : undefined;
    return {
      key: unit.key,
      samples: await work.samples(unit.attack, unit.explainer),
      facts: await unitWork.facts(),
      cells,
      maps,
      seconds: (performance.now() - begun) / 1000,
    };
  }

  return async (task, { onResult, signal }) => {
    const units = task.units.map((wanted) => unitOf(wanted, task));
    const { subject, batch } = units[0];
    const loaded = await loadBatch(subject, batch);
    for (const [index, reason] of loaded.unreadable) {
      const keys = units.filter((unit) => unit.index === index).map(({ key }) => key);
      if (keys.length > 0) await onResult({ task: task.id, units: [], skipped: { units: keys, reason } });
    }
    const programs = await programsFor(subject.model);
    const works = createBatchWork(config, subject, programs, loaded, { recall });
    for (const [i, unit] of units.entries()) {
      const work = works.get(unit.index);
      if (!work) continue;
      if (signal?.aborted) return;
      let result: UnitResult;
      try {
        result = await compute(task.units[i], unit, programs, work);
      } catch (error) {
        throw inUnit(error, unit);
      }
      await onResult({ task: task.id, units: [result] });
    }
  };
}

/** Gets tasks done in this process, one after the other. */
export const inProcess = (run: TaskRunner): Executor => ({
  async execute(tasks, events) {
    for await (const task of tasks) {
      if (events.signal?.aborted) return;
      await run(task, events);
    }
  },
});
