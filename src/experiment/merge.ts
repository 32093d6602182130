import { access, cp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../numeric/errors.ts';
import { readRecipe } from './compare.ts';
import type { Executor } from './executor.ts';
import { acquireLock } from './lock.ts';
import type { Setting } from './open-runner.ts';
import { differences, type Facts } from './queue/description.ts';
import { runExperiment, type RunOptions, type RunResult } from './run.ts';
import { shardFile, type Shard } from './shard.ts';
import { openStore, storeFile } from './store.ts';
import { storedIn } from './store/lines.ts';

/** What a finished shard says of itself, in shard.json. */
export interface ShardRecord extends Shard {
  readonly setting: Setting;
  readonly facts: Facts;
}

async function readShard(folder: string): Promise<ShardRecord & { readonly folder: string }> {
  const [text] = await Promise.all([readFile(shardFile(folder), 'utf8'), access(storeFile(folder))]).catch(
    (error: NodeJS.ErrnoException) => {
      throw new UserError(`${folder}: holds no finished shard (${error.code}); run it to its end first`);
    },
  );
  return { ...(JSON.parse(text) as ShardRecord), folder };
}

/** Refuses to compute: what the shards did not bring would be computed where nobody wants it. */
const nothingLeft: Executor = {
  async execute(tasks) {
    for await (const { id, units } of tasks)
      throw new UserError(`${id}: ${units.length} units are in none of the shards, or its sample has changed since`);
  },
};

/**
 * Puts the finished shards of one experiment together in a folder, as if one process had run it. Throws `UserError` where shards are missing, come
 * twice, or are of different experiments, versions or models.
 */
export async function mergeShards(
  folders: readonly string[],
  options: Omit<RunOptions, 'executor'>,
): Promise<RunResult> {
  const shards = await Promise.all(folders.map(readShard));
  const [first] = shards;
  for (const { folder, count, facts } of shards) {
    const other = count === first.count ? differences(facts, first.facts) : `one of ${count}, not of ${first.count}`;
    if (other)
      throw new UserError(`${folder} does not go with ${first.folder}: ${other.replaceAll(' in the run', ' there')}`);
  }
  const indices = shards.map(({ index }) => index);
  const twice = shards.find(({ index }, i) => indices.indexOf(index) !== i);
  if (twice) throw new UserError(`${twice.folder}: shard ${twice.index}/${twice.count} comes twice`);
  const missing = Array.from({ length: first.count }, (_, i) => i + 1).filter((index) => !indices.includes(index));
  if (missing.length > 0)
    throw new UserError(`missing: ${missing.map((index) => `shard ${index}/${first.count}`).join(', ')}`);
  if (folders.some((folder) => resolve(folder) === resolve(options.out)))
    throw new UserError(`${options.out}: is one of the shards; give the whole a folder of its own`);
  const unlock = await acquireLock(join(options.out, 'lock'));
  await gather(folders, options.out).finally(unlock);
  const { recipe, engine, threads } = first.setting;
  return runExperiment(await readRecipe(recipe), { engine, threads, ...options, executor: () => nothingLeft });
}

/** Adds what the shards have to what is in a folder. */
async function gather(folders: readonly string[], out: string): Promise<void> {
  const store = await openStore(out);
  try {
    for (const folder of folders)
      for await (const stored of storedIn(storeFile(folder))) {
        const text = JSON.stringify(stored);
        if (!store.get(stored.key).some((known) => JSON.stringify(known) === text)) store.append(stored);
      }
  } finally {
    store.close();
  }
  for (const folder of folders)
    await cp(join(folder, 'maps'), join(out, 'maps'), { recursive: true, force: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      },
    );
}
