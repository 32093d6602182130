import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeWhole } from '../../reports/write.ts';
import type { Plan } from './plan.ts';

/** One of `count` parts of an experiment; `index` is from 1 to `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The part of a plan that belongs to a shard. Samples that are attacked together are in the same shard for all models, and stay there when the dataset grows. */
export function shardOf(plan: Plan, { index, count }: Shard): Plan {
  const shardOfSample = (dataset: string, id: string) =>
    createHash('sha256')
      .update(JSON.stringify([dataset, id]))
      .digest()
      .readUInt32BE() % count;
  const mine = plan.units.filter(
    ({ subject, batch: [first] }) => shardOfSample(subject.entry.name, subject.dataset.ids[first]) === index - 1,
  );
  return { ...plan, units: mine };
}

/** The file by which a finished shard says what it is. */
export const shardFile = (folder: string): string => join(folder, 'shard.json');

/** Notes that a shard is finished. */
export const writeShard = (folder: string, record: object): Promise<void> =>
  writeWhole(shardFile(folder), `${JSON.stringify(record, null, 2)}\n`);
