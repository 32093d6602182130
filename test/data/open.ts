import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import type { Dataset, DatasetDefinition } from '../../src/data/dataset.ts';

/** Opens a dataset as the experiment does: options through the schema, paths relative to `base`. */
export function openDataset<O>(
  definition: DatasetDefinition<O>,
  options: Record<string, unknown> = {},
  size: readonly [number, number] = [64, 64],
  base = '.',
): Promise<Dataset> {
  const parsed = (definition.options as z.ZodType<O>).parse(options);
  return definition.open(parsed, { size, resolve: (path) => resolve(base, path) });
}

/** A folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
