import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeFolder } from '../../reports/write.ts';
import { UserError } from '../numeric/errors.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the kernel's count; tells it from a later process with the same number. */
  readonly started: string;
}

const beat = 10_000;

/** The fields of a process in the kernel's table, from its state on; none where there is no such table or process. */
function fieldsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

const startOf = (pid: number): string => fieldsOf(pid)[19] ?? '';
const isZombie = (pid: number): boolean => fieldsOf(pid)[0] === 'Z';

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether the process that wrote a lock is at work still. On another host only the lock's age can tell. */
async function isHeld(file: string, { pid, host, started }: Owner): Promise<boolean> {
  if (host === hostname()) {
    // A killed process takes a moment to give its memory back before it is gone.
    for (let tries = 0; tries < 10; tries++) {
      if (!alive(pid) || isZombie(pid) || startOf(pid) !== started) return false;
      await setTimeout(100);
    }
    return true;
  }
  const { mtimeMs } = await stat(file);
  return Date.now() - mtimeMs < 6 * beat;
}

/** Removes a lock whose owner is gone. Throws `UserError` when the owner is at work. */
async function takeOver(file: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
    const owner = JSON.parse(text) as Owner;
    if (await isHeld(file, owner))
      throw new UserError(
        `another run (process ${owner.pid} on ${owner.host}) is writing to ${dirname(file)}; wait for it to end or choose another folder with --out`,
      );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Two processes may find the same stale lock: the rename lets one have it, and shows if it was a new lock by then.
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const taken = await readFile(aside, 'utf8').catch(() => text);
  if (taken !== text) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * Makes this process the only one that works with a lock file's folder, until the returned function is called. A lock left by a process that was
 * killed is taken over. Throws `UserError` when another process holds it.
 */
export async function acquireLock(file: string): Promise<() => Promise<void>> {
  await makeFolder(dirname(file));
  const mine = `${file}.${randomUUID()}`;
  const owner: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  try {
    await writeFile(mine, JSON.stringify({ ...owner, id: randomUUID() }));
    // A link is made with its content or not at all.
    for (let tries = 0; ; tries++) {
      try {
        await link(mine, file);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === 3) throw error;
        await takeOver(file);
      }
    }
  } finally {
    await rm(mine, { force: true });
  }
  const touch = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), beat);
  touch.unref();
  return async () => {
    clearInterval(touch);
    await rm(file, { force: true });
  };
}
