import { SampleError, type Sample } from '../data/dataset.ts';
import type { Plan, Unit } from './plan.ts';
import type { Skipped } from './run-record.ts';
import type { Subject } from './subject.ts';

/** The units of one sample. */
export interface Group {
  readonly subject: Subject;
  readonly index: number;
  readonly units: readonly Unit[];
}

/** The units of a plan, sample by sample. */
export function groupsOf({ units }: Plan): Group[] {
  const groups: (Group & { units: Unit[] })[] = [];
  for (const unit of units) {
    const last = groups.at(-1);
    if (last?.subject === unit.subject && last.index === unit.index) last.units.push(unit);
    else groups.push({ subject: unit.subject, index: unit.index, units: [unit] });
  }
  return groups;
}

/** Loads the sample of a group; where it cannot be read, notes why and returns undefined. */
export async function loadOrSkip({ subject, index }: Group, skipped: Skipped[]): Promise<Sample | undefined> {
  try {
    return await subject.dataset.load(index);
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    const [dataset, sample] = [subject.entry.name, subject.dataset.ids[index]];
    if (!skipped.some((s) => s.dataset === dataset && s.sample === sample))
      skipped.push({ dataset, sample, reason: error.message });
    return undefined;
  }
}

/** Hashes of the samples of one subject, each read once. */
export function sampleHashes({ dataset }: Subject) {
  const known = new Map<string, string>();
  return {
    known,
    async of(id: string): Promise<string | undefined> {
      if (!known.has(id)) {
        const index = dataset.ids.indexOf(id);
        if (index < 0) return undefined;
        try {
          known.set(id, (await dataset.load(index)).hash);
        } catch (error) {
          if (!(error instanceof SampleError)) throw error;
          return undefined;
        }
      }
      return known.get(id);
    },
  };
}
