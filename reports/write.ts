import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../src/numeric/errors.ts';

const refused = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT', 'ENAMETOOLONG'];

/**
 * Makes a file whole or not at all: `fill` writes it under a temporary name in the same folder, which is made if need be. Throws
 * `UserError` where no file can be of this name.
 */
export async function replaceFile(path: string, fill: (temporary: string) => void | Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await fill(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!refused.includes(code)) throw error;
    throw new UserError(`${path}: cannot be written (${code}); choose another place`, { cause: error });
  }
}

/** Writes a file, given at once or in parts, whole or not at all. */
export const writeWhole = (path: string, content: string | Uint8Array | Iterable<string>): Promise<void> =>
  replaceFile(path, (temporary) => writeFile(temporary, content));
