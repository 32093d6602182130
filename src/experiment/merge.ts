import { appendFile, cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../numeric/errors.ts';
import { readRecipe } from './compare.ts';
import type { Executor } from './executor.ts';
import type { Setting } from './open-runner.ts';
import { differences, type Facts } from './queue/description.ts';
import { runExperiment, type RunOptions, type RunResult } from './run.ts';
import { shardFile, type Shard } from './shard.ts';

/** What a finished shard says of itself, in shard.json. */
export interface ShardRecord extends Shard {
  readonly setting: Setting;
  readonly facts: Facts;
}

async function readShard(folder: string): Promise<ShardRecord & { readonly folder: string }> {
  const text = await readFile(shardFile(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${folder}: holds no finished shard (${error.code}); run it to its end first`);
  });
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
  await gather(folders, options.out);
  const { recipe, engine, threads } = first.setting;
  return runExperiment(await readRecipe(recipe), { engine, threads, ...options, executor: () => nothingLeft });
}

async function gather(folders: readonly string[], out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  const units = join(out, 'units.jsonl');
  await rm(units, { force: true });
  for (const folder of folders) {
    await appendFile(units, await readFile(join(folder, 'units.jsonl')));
    await cp(join(folder, 'maps'), join(out, 'maps'), { recursive: true, force: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      },
    );
  }
}
