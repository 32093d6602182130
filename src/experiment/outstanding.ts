import { cellsOf } from './cells.ts';
import type { Config } from './config.ts';
import type { TaskUnit } from './executor.ts';
import { hasMaps } from './maps.ts';
import type { Unit } from './plan.ts';
import { cellsIn } from './records.ts';
import { loadOrSkip, type Group, type SampleHashes } from './samples.ts';
import type { Store, StoredCells } from './store.ts';

/** What is left to do for a sample, or why it cannot be read. */
export type Left = { readonly units: readonly TaskUnit[] } | { readonly reason: string };

/** Lines of the store that belong to the samples as they are now. */
export const valid = (stored: readonly StoredCells[], hashes: SampleHashes): StoredCells[] =>
  stored.filter(({ samples }) => Object.entries(samples).every(([id, hash]) => hashes.get(id) === hash));

/** Compares a group of a plan with the store. The sample is read only where the store has something of it, to see whether it still holds. */
export async function leftOf(
  config: Config,
  group: Group,
  store: Store,
  hashes: SampleHashes,
  out: string,
): Promise<Left> {
  const stored = group.units.map(({ key }) => store.get(key));
  if (stored.some((lines) => lines.length > 0)) {
    const sample = await loadOrSkip(group.subject, group.index);
    if ('reason' in sample) return sample;
    hashes.add(sample);
    for (const id of new Set(stored.flat().flatMap(({ samples }) => Object.keys(samples)))) await hashes.of(id);
  }
  const missing = (unit: Unit, i: number): TaskUnit => {
    const found = cellsIn(valid(stored[i], hashes));
    const cells = cellsOf(config, unit).flatMap(({ key }) => (key in found ? [] : [key]));
    const shown = unit.index < config.heatmaps || config.keep !== undefined;
    const maps = shown && !hasMaps(out, unit.key);
    return { key: unit.key, description: unit.description, cells, maps };
  };
  return { units: group.units.map(missing).filter(({ cells, maps }) => cells.length > 0 || maps) };
}
