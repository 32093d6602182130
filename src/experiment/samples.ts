import { SampleError, type Sample } from '../data/dataset.ts';
import type { Plan, Unit } from './plan.ts';
import type { Subject } from './subject.ts';

/** A sample that could not be read. */
export interface Skipped {
  readonly dataset: string;
  readonly sample: string;
  readonly reason: string;
}

/** A sample whose units were given up, all or what was left of them. */
export interface SetAside {
  readonly model: string;
  readonly dataset: string;
  readonly sample: string;
  readonly units: number;
  readonly reason: string;
}

/** The units of one sample. */
export interface Group {
  readonly subject: Subject;
  readonly index: number;
  readonly units: readonly Unit[];
}

/** The sample of a group in words; no two groups of a plan have the same. */
export const idOf = ({ subject: { model, dataset, entry }, index }: Group): string =>
  [model.name, entry.name, dataset.ids[index]].join('/');

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

/** Loads a sample of a subject, or says why it cannot be read. */
export async function loadOrSkip({ dataset }: Subject, index: number): Promise<Sample | { readonly reason: string }> {
  try {
    return await dataset.load(index);
  } catch (error) {
    if (error instanceof SampleError) return { reason: error.message };
    throw error;
  }
}

/** Hashes of the samples of one subject, each read once. */
export interface SampleHashes {
  /** Undefined for a sample that is not there or cannot be read. */
  of(id: string): Promise<string | undefined>;
  /** As far as it is known. */
  get(id: string): string | undefined;
  add(sample: Pick<Sample, 'id' | 'hash'>): void;
  /** The known ones, in the order of the dataset. */
  list(): string[];
}

/** Starts with no hash known. */
export function sampleHashes({ dataset }: Subject): SampleHashes {
  const known = new Map<string, string>();
  const add = ({ id, hash }: Pick<Sample, 'id' | 'hash'>) => void known.set(id, hash);
  return {
    add,
    get: (id) => known.get(id),
    list: () => dataset.ids.flatMap((id) => known.get(id) ?? []),
    async of(id) {
      const index = dataset.ids.indexOf(id);
      if (index < 0) return undefined;
      try {
        if (!known.has(id)) add(await dataset.load(index));
      } catch (error) {
        if (!(error instanceof SampleError)) throw error;
      }
      return known.get(id);
    },
  };
}
