import { SampleError, type Sample } from '../data/dataset.ts';
import { UserError } from '../numeric/errors.ts';
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

/** The samples that are attacked together, as far as a plan has units of them. */
export type Batch = readonly [Group, ...Group[]];

/** The sample of a unit or a group in words; no two groups of a plan have the same. */
export const idOf = ({ subject: { model, dataset, entry }, index }: Pick<Group, 'subject' | 'index'>): string =>
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

/** The groups of a plan, batch by batch. */
export function batchesOf(plan: Plan): Batch[] {
  const batches: [Group, ...Group[]][] = [];
  for (const group of groupsOf(plan)) {
    const last = batches.at(-1);
    if (last?.[0].units[0].batch === group.units[0].batch) last.push(group);
    else batches.push([group]);
  }
  return batches;
}

/** Values of pixels may leave [0,1] by as much as rounding does. */
const slack = 1e-6;

/** Whether a sample is what the dataset of a plug-in may take it for. Throws `UserError` for another one, `SampleError` for values that are no pixels. */
function checkSample({ model, dataset, entry }: Subject, index: number, { id, image, mask }: Sample): void {
  const fail = (what: string) => {
    throw new UserError(`the dataset "${entry.name}": its sample ${dataset.ids[index]} ${what}`);
  };
  const [height, width] = model.size;
  if (id !== dataset.ids[index]) fail(`comes as ${id}; load() is given an index of the list of ids`);
  if (image.shape.join() !== [3, height, width].join())
    fail(
      `has the shape [${image.shape.join()}], but ${model.name} wants [3,${height},${width}]; open() is given the size`,
    );
  if (mask && mask.length !== height * width)
    fail(`has a mask of ${mask.length} values, but its picture has ${height * width} pixels`);
  if (!image.data.every((v) => v >= -slack && v <= 1 + slack))
    throw new SampleError(`${id}: holds values outside [0,1], or NaN`);
}

/** Loads a sample of a subject, or says why it cannot be read. */
export async function loadOrSkip(subject: Subject, index: number): Promise<Sample | { readonly reason: string }> {
  try {
    const sample = await subject.dataset.load(index);
    checkSample(subject, index, sample);
    return sample;
  } catch (error) {
    if (error instanceof SampleError) return { reason: error.message };
    throw error;
  }
}

/** Samples of a subject by index, and why others cannot be read. */
export interface Loaded {
  readonly members: ReadonlyMap<number, Sample>;
  readonly unreadable: ReadonlyMap<number, string>;
}

/** Loads samples of a subject, as far as they can be read. */
export async function loadBatch(subject: Subject, batch: readonly number[]): Promise<Loaded> {
  const members = new Map<number, Sample>();
  const unreadable = new Map<number, string>();
  for (const index of batch) {
    const sample = await loadOrSkip(subject, index);
    if ('reason' in sample) unreadable.set(index, sample.reason);
    else members.set(index, sample);
  }
  return { members, unreadable };
}

/** Stands for the hash of a sample that cannot be read. */
export const unread = 'unread';

/** Hashes of samples by their ids, or `unread`. */
export type Hashes = Readonly<Record<string, string>>;

/** Hashes of the samples of one subject, each read once. */
export interface SampleHashes {
  /** Undefined for a sample that is not there, `unread` for one that cannot be read. */
  of(id: string): Promise<string | undefined>;
  /** As far as it is known. */
  get(id: string): string | undefined;
  add(sample: Pick<Sample, 'id' | 'hash'>): void;
  /** The known ones of samples that can be read, in the order of the dataset. */
  list(): string[];
}

/** Starts with no hash known. */
export function sampleHashes(subject: Subject): SampleHashes {
  const { dataset } = subject;
  const known = new Map<string, string>();
  const add = ({ id, hash }: Pick<Sample, 'id' | 'hash'>) => void known.set(id, hash);
  return {
    add,
    get: (id) => known.get(id),
    list: () => dataset.ids.flatMap((id) => known.get(id) ?? []).filter((hash) => hash !== unread),
    async of(id) {
      const index = dataset.ids.indexOf(id);
      if (index < 0) return undefined;
      if (!known.has(id)) {
        const sample = await loadOrSkip(subject, index);
        add('reason' in sample ? { id, hash: unread } : sample);
      }
      return known.get(id);
    },
  };
}
