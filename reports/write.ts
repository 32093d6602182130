import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a file whole or not at all: `fill` writes it under a temporary name in the same folder, which is made if need be. */
export async function replaceFile(path: string, fill: (temporary: string) => void | Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await fill(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes a file, given at once or in parts, whole or not at all. */
export const writeWhole = (path: string, content: string | Uint8Array | Iterable<string>): Promise<void> =>
  replaceFile(path, (temporary) => writeFile(temporary, content));
