import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../../reports/write.ts';
import type { Executor, TaskResult } from '../executor.ts';
import { openRun } from '../open-runner.ts';
import type { Plan } from '../plan.ts';
import type { RunContext } from '../run.ts';
import { loadOrSkip, sampleHashes } from '../samples.ts';
import { createTaskRunner, inProcess } from '../task-runner.ts';
import type { Say } from './connection.ts';
import { createQueueExecutor } from './coordinator.ts';
import { differences, factsOf, portable, versionDifference, type RunDescription } from './description.ts';
import { Refusal } from './part.ts';
import type { Opened } from './worker.ts';

/** Has the units of a run computed by the workers of a queue. A run that goes on in the same folder finds what they did meanwhile. */
export function throughQueue(url: string, say: Say): (run: RunContext) => Executor {
  return ({ config, plan, engine, setting, out }) => ({
    async execute(tasks, events) {
      const file = join(out, 'queue-id');
      const known = await readFile(file, 'utf8').catch(() => undefined);
      const run = known ?? randomUUID();
      if (known === undefined) await writeWhole(file, run);
      const facts = await factsOf(config, plan, engine);
      const description: RunDescription = {
        run,
        setting: { ...setting, recipe: portable(config), cache: undefined },
        facts,
      };
      const hash = createHash('sha256').update(JSON.stringify(description)).digest('hex');
      const queue = `${config.name}-${hash.slice(0, 12)}`;
      const refusal = refusals(plan);
      await createQueueExecutor({ url, queue, description, say, refusal }).execute(tasks, events);
      if (!events.signal?.aborted) await rm(file, { force: true });
    },
  });
}

/** Compares the samples behind a result with those that are here. */
function refusals(plan: Plan): (result: TaskResult) => Promise<string | undefined> {
  const byKey = new Map(plan.units.map((unit) => [unit.key, unit]));
  const hashes = new Map(plan.units.map(({ subject }) => [subject, sampleHashes(subject)]));
  return async ({ units, skipped }) => {
    const [key] = skipped?.units ?? units.map((unit) => unit.key);
    const { subject, index } = byKey.get(key)!;
    if (skipped && !('reason' in (await loadOrSkip(subject, index)))) return `cannot read it: ${skipped.reason}`;
    for (const [id, hash] of new Map(units.flatMap(({ samples }) => Object.entries(samples))))
      if ((await hashes.get(subject)!.of(id)) !== hash)
        return `sample ${id} of ${subject.entry.name} is not what it is where the run was started`;
    return undefined;
  };
}

/** Gets ready for runs from their descriptions; relative paths of configs are taken from the folder `base`. Throws `Refusal` saying what differs here. */
export const joinRun = async (description: unknown, base: string): Promise<Opened> => {
  const run = description as RunDescription;
  const other = versionDifference(run.facts);
  if (other) throw new Refusal(other);
  const { recipe } = run.setting;
  const { config, plan, engine } = await openRun({
    ...run.setting,
    recipe: { ...recipe, file: join(base, recipe.file) },
  });
  const differing = differences(await factsOf(config, plan, engine), run.facts);
  if (differing) throw new Refusal(differing);
  return { ...inProcess(createTaskRunner(config, plan, engine)), release: () => engine.release() };
};
