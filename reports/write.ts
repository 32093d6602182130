import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../src/numeric/errors.ts';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

const makeOne = (path: string): Promise<void> =>
  mkdir(path).catch(async (error: unknown) => {
    const there = codeOf(error) === 'EEXIST' && (await stat(path).catch(() => undefined))?.isDirectory();
    if (!there) throw error;
  });

/** Makes a folder and those above it, where they are not there. Node's own recursion never ends where a folder takes no new names, as /proc. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    await makeFolder(parent);
    await makeOne(path);
  }
}

/** Throws where there is something that a file cannot or must not take the place of: a folder, a device, a file that may not be written. */
async function mayBeReplaced(path: string): Promise<void> {
  const there = await open(path, 'r+').catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  if (!there) return;
  const info = await there.stat().finally(() => there.close());
  if (!info.isFile()) throw new UserError(`${path}: is no file that can be replaced; choose another place`);
}

const refused = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT', 'ENAMETOOLONG', 'ENXIO'];

/** Does something about a file; that no file can be of its name becomes a `UserError`. */
async function writing(path: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    // Of a full disk the system does not say where.
    if (!refused.includes(codeOf(error))) throw Object.assign(error as Error, { path });
    throw new UserError(`${path}: cannot be written (${codeOf(error)}); choose another place`, { cause: error });
  }
}

const temporaryName = () => `${randomUUID()}.tmp`;

/**
 * Makes a file whole or not at all: `fill` writes it under a temporary name, in its folder, which is made if need be; the temporary file does not
 * outlive a failure. Throws `UserError` where no file can be of this name.
 */
export const replaceFile = (path: string, fill: (temporary: string) => void | Promise<void>): Promise<void> =>
  writing(path, async () => {
    const temporary = `${path}.${temporaryName()}`;
    try {
      await makeFolder(dirname(path));
      await mayBeReplaced(path);
      await fill(temporary);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  });

/** The nearest place above a path where there is something. */
async function nearestAbove(path: string): Promise<string> {
  const parent = dirname(path);
  const there = await lstat(parent).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
  });
  return there ? parent : nearestAbove(parent);
}

/** Throws what `replaceFile` would, before the work whose results the files are to hold. Leaves nothing: work that is stopped makes no folder. */
export async function checkPlaces(paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths)
    if (path !== undefined)
      await writing(path, async () => {
        await mayBeReplaced(path);
        const temporary = join(await nearestAbove(path), temporaryName());
        await writeFile(temporary, '');
        await rm(temporary);
      });
}

/** Writes a file, given at once or in parts, whole or not at all. */
export const writeWhole = (path: string, content: string | Uint8Array | Iterable<string>): Promise<void> =>
  replaceFile(path, (temporary) => writeFile(temporary, content));
