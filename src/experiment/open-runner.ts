import { openEngine } from '../engine/select.ts';
import { readRecipe } from './compare.ts';
import type { Recipe } from './config.ts';
import { makePlan } from './plan.ts';
import { openRecall, type CacheSetting } from './recall.ts';
import { openSubjects } from './subject.ts';
import { createTaskRunner, type TaskRunner } from './task-runner.ts';

/** What another process needs to know to do tasks of a run. Plain JSON. */
export interface Setting {
  readonly recipe: Recipe;
  /** Name of the engine; absent where it is the default one. */
  readonly engine?: string;
  /** Threads of one operator; as many in all processes of a run, since another number can change the last digits. */
  readonly threads?: number;
  readonly cache?: CacheSetting;
}

/** Reads the config and opens models, data and engine as the run does that the setting comes from. Throws `UserError` where this process cannot. */
export async function openRun({ recipe, engine: name, threads }: Setting) {
  const config = await readRecipe(recipe);
  const subjects = await openSubjects(config);
  const engine = await openEngine(name, { threads });
  return { config, engine, plan: makePlan(config, subjects, engine) };
}

/** Makes ready for tasks of a run. Throws as `openRun`. */
export async function openRunner(setting: Setting): Promise<TaskRunner> {
  const { config, plan, engine } = await openRun(setting);
  const { cache, threads } = setting;
  const recall = cache && (await openRecall(cache, engine, threads));
  return createTaskRunner(config, plan, engine, recall);
}
