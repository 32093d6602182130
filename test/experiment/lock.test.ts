import { spawnSync } from 'node:child_process';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../src/experiment/lock.ts';
import { temporaryFolder } from './tiny.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'out', 'lock');
});

/** A lock as `change` would have left it, had it been written by another process. */
async function leave(change: object): Promise<void> {
  const unlock = await acquireLock(file);
  const owner = JSON.parse(await readFile(file, 'utf8')) as object;
  await unlock();
  await writeFile(file, JSON.stringify({ ...owner, ...change }));
}

test('is held until it is given back, and leaves nothing behind', async () => {
  const unlock = await acquireLock(file);
  await expect(acquireLock(file)).rejects.toThrow(/^another run \(process \d+ on .*\) is writing to .*out; wait/);
  await unlock();
  await (
    await acquireLock(file)
  )();
  expect(await readdir(join(folder, 'out'))).toEqual([]);
});

test('of a process that is gone is taken over', async () => {
  await leave({ pid: spawnSync(process.execPath, ['--version']).pid });
  await (
    await acquireLock(file)
  )();
});

test('of an earlier process with the same number is taken over', async () => {
  await leave({ started: 'long ago' });
  await (
    await acquireLock(file)
  )();
});

test('of another host is taken over when it is no longer touched', async () => {
  await leave({ host: 'elsewhere' });
  await expect(acquireLock(file)).rejects.toThrow(/on elsewhere/);
  const old = new Date(Date.now() - 3_600_000);
  await utimes(file, old, old);
  await (
    await acquireLock(file)
  )();
});

test('that is stale goes to one of several', async () => {
  await leave({ started: 'long ago' });
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => acquireLock(file)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
