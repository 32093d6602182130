import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { makeFolder } from '../../reports/write.ts';

/** Values on disk by the SHA-256 of what determines them, up to a number of bytes. Processes may share a folder. */
export interface DiskCache {
  /** Undefined where there is no such value, or it is damaged. */
  get(key: string): Promise<unknown>;
  /** Keeps a value of numbers, strings, typed arrays and objects of these. `seconds` is what it took to make it: what is read hardly faster is not kept. */
  put(key: string, value: unknown, seconds: number): Promise<void>;
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const digestLength = 32;

/** Reading is worth its while where making takes this many times as long. */
const worth = 5;
const readingSeconds = (bytes: number) => 2e-3 + bytes / 2e8;

/** Temporary files that a killed process left are older than this. */
const abandoned = 3_600_000;

interface Entry {
  readonly file: string;
  readonly bytes: number;
  readonly used: number;
}

/** Opens the cache in a folder. When it has grown past `maxBytes`, the values used least recently are deleted. */
export function openDiskCache(folder: string, maxBytes: number): DiskCache {
  /** Each process looks at the folder at its first value, and when it has added a sixteenth of the bound. */
  let added = Infinity;
  const fileOf = (key: string) => join(folder, key.slice(0, 2), key);

  async function entries(): Promise<Entry[]> {
    const found: Entry[] = [];
    for (const name of await readdir(folder, { recursive: true })) {
      const file = join(folder, name);
      // Another process may have deleted it by now.
      const info = await stat(file).catch(() => undefined);
      if (!info?.isFile()) continue;
      if (!name.endsWith('.tmp')) found.push({ file, bytes: info.size, used: info.mtimeMs });
      else if (Date.now() - info.mtimeMs > abandoned) await rm(file, { force: true });
    }
    return found;
  }

  async function sweep(): Promise<void> {
    added = 0;
    const oldest = (await entries()).sort((a, b) => a.used - b.used);
    let total = oldest.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { file, bytes } of oldest) {
      if (total <= maxBytes) return;
      await rm(file, { force: true });
      total -= bytes;
    }
  }

  return {
    async get(key) {
      try {
        const bytes = await readFile(fileOf(key));
        const content = bytes.subarray(digestLength);
        if (!digestOf(content).equals(bytes.subarray(0, digestLength))) return undefined;
        const now = new Date();
        await utimes(fileOf(key), now, now);
        return deserialize(content);
      } catch {
        // Not there, deleted by another process just now, or written by a later version of Node.
        return undefined;
      }
    },
    async put(key, value, seconds) {
      try {
        const content = serialize(value);
        if (seconds < worth * readingSeconds(content.length)) return;
        const file = fileOf(key);
        const temporary = `${file}.${randomUUID()}.tmp`;
        await makeFolder(join(file, '..'));
        await writeFile(temporary, Buffer.concat([digestOf(content), content]));
        await rename(temporary, file);
        added += content.length;
        if (added > maxBytes / 16) await sweep();
      } catch {
        // A full disk, or a value that has no bytes: it is made again when it is wanted, and the run goes on.
      }
    },
  };
}
