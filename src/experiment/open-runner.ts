import { openEngine } from '../engine/select.ts';
import { readRecipe } from './compare.ts';
import type { Recipe } from './config.ts';
import { makePlan } from './plan.ts';
import { openSubjects } from './subject.ts';
import { createTaskRunner, type TaskRunner } from './task-runner.ts';

/** What another process needs to know to do tasks of a run. Plain JSON. */
export interface Setting {
  readonly recipe: Recipe;
  /** Name of the engine; absent where it is the default one. */
  readonly engine?: string;
  /** Threads of one operator; as many in all processes of a run, since another number can change the last digits. */
  readonly threads?: number;
}

/** Reads the config, opens models and data, and makes ready for tasks. Throws `UserError` where this process cannot. */
export async function openRunner({ recipe, engine: name, threads }: Setting): Promise<TaskRunner> {
  const config = await readRecipe(recipe);
  const subjects = await openSubjects(config);
  const engine = await openEngine(name, { threads });
  return createTaskRunner(config, makePlan(config, subjects, engine), engine);
}
