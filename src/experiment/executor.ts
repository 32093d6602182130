import type { StoredCells } from './store.ts';

/** Outstanding work on one unit. */
export interface TaskUnit {
  /** Of the unit in the plan. */
  readonly key: string;
  /** `model/dataset/sample/explainer/attack`, for messages. */
  readonly description: string;
  /** Keys of the cells to compute. */
  readonly cells: readonly string[];
  /** Whether its maps are wanted, for a figure. */
  readonly maps: boolean;
}

/** Outstanding work on the samples that are attacked together, for one model: what a process takes on at a time. Plain JSON. */
export interface Task {
  /** `model/dataset/sample` of the first sample; no two tasks of a run have the same. */
  readonly id: string;
  /** In the order in which they are worked on: attack by attack, so that what an attack makes of all samples is not kept for longer than it takes. */
  readonly units: readonly TaskUnit[];
}

/** What was computed of one unit. Plain JSON. */
export interface UnitResult extends StoredCells {
  readonly seconds: number;
  /** An .npz archive in base64, where the task wants the maps. */
  readonly maps?: string;
}

/** News of a task: all of its units at once, or some as they are done. Plain JSON. */
export interface TaskResult {
  readonly task: string;
  readonly units: readonly UnitResult[];
  /** Keys of the units of a sample that could not be read, and why. */
  readonly skipped?: { readonly units: readonly string[]; readonly reason: string };
  /** Why the task was given up; what is left of it is not computed in this run. */
  readonly setAside?: string;
}

export interface TaskEvents {
  /** To be awaited: a result counts once it is kept. One that comes twice does no harm. */
  onResult(result: TaskResult): Promise<void>;
  /** Once aborted, units at work are finished and no other is begun. */
  readonly signal?: AbortSignal;
}

/**
 * Gets tasks done, in this process or elsewhere, in any order: results do not depend on where and when a unit was computed. Rejects with an
 * error that names the unit where one fails.
 */
export interface Executor {
  execute(tasks: AsyncIterable<Task>, events: TaskEvents): Promise<void>;
}
