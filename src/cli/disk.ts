import { resolve, sep } from 'node:path';
import { UserError } from '../numeric/errors.ts';
import { Failure } from './command.ts';

const full = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const refused = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'];

/** The error of the operating system behind an error, if there is one. */
function systemError(error: unknown): NodeJS.ErrnoException | undefined {
  for (let e = error; e instanceof Error; e = e.cause) if ('syscall' in e) return e as NodeJS.ErrnoException;
  return undefined;
}

const isIn = (path: string | undefined, folder: string) =>
  path !== undefined && `${resolve(path)}${sep}`.startsWith(`${resolve(folder)}${sep}`);

/** Says in one line that a disk is full; an error with another cause, or that says so itself, stays as it is. */
export function fullDisk(error: unknown): unknown {
  const { code = '', path } = systemError(error) ?? {};
  if (!full.includes(code) || error instanceof Failure) return error;
  return new Failure(`${path ? `${path}: ` : ''}the disk is full (${code}); make room, and start again`, {
    cause: error,
  });
}

/** Says in one line why results could not be written to a folder; an error with another cause stays as it is. */
export function diskError(error: unknown, folder: string): unknown {
  const { code = '', path } = systemError(error) ?? {};
  if (full.includes(code))
    return new Failure(
      `${folder}: the disk is full (${code}); finished units are kept: make room, and the same command goes on`,
      { cause: error },
    );
  if (refused.includes(code) && isIn(path, folder))
    return new UserError(`${folder}: cannot be written to (${code}); choose another folder with --out`, {
      cause: error,
    });
  return error;
}
