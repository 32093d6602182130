import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { openDiskCache } from './disk-cache.ts';
import { packageVersion } from './package.ts';

/** A cache that processes share. Plain JSON. */
export interface CacheSetting {
  readonly folder: string;
  /** Bound on its size. */
  readonly bytes: number;
}

/** The value that `parts` determine: from the cache where it is there and `holds`, or made. */
export type Recall = <T>(parts: unknown, make: () => Promise<T>, holds?: (value: T) => Promise<boolean>) => Promise<T>;

/** Makes everything anew. */
export const noRecall: Recall = (_, make) => make();

/** Looks into a cache for what an engine computed with a number of threads. */
export async function openRecall(cache: CacheSetting, engine: Engine, threads: number | undefined): Promise<Recall> {
  const { get, put } = openDiskCache(cache.folder, cache.bytes);
  const { version } = await engine.describe();
  const maker = [packageVersion, engine.name, engine.device, version, threads ?? null];
  return async <T>(
    parts: unknown,
    make: () => Promise<T>,
    holds: (value: T) => Promise<boolean> = () => Promise.resolve(true),
  ) => {
    const key = createHash('sha256')
      .update(JSON.stringify([maker, parts]))
      .digest('hex');
    const kept = (await get(key)) as T | undefined;
    if (kept !== undefined && (await holds(kept))) return kept;
    const begun = performance.now();
    const value = await make();
    await put(key, value, (performance.now() - begun) / 1000);
    return value;
  };
}
