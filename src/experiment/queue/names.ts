import { createHash } from 'node:crypto';

/** Before every key of ours in Redis. */
const prefix = 'xai-gauntlet';

/** Hash in Redis: what is to be known of each open run, by the name of its queue. */
export const board = `${prefix}:runs`;

/** Names of what one run keeps in Redis beside its BullMQ queue. */
export const namesOf = (queue: string) =>
  ({
    /** Where BullMQ keeps the queue. */
    bull: `${prefix}:bull`,
    /** List of results that the coordinator has not taken yet. */
    results: `${prefix}:results:${queue}`,
    /** Hash of workers that do not take part, with the reason. */
    refusals: `${prefix}:refusals:${queue}`,
    /** Set of units of a job whose results were sent. */
    sent: (job: string) => `${prefix}:sent:${queue}:${job}`,
  }) as const;

/** The name of a task's job; BullMQ wants no colons and no plain numbers. */
export const jobOf = (task: string): string => `t${createHash('sha256').update(task).digest('hex').slice(0, 24)}`;

/** How often a task is tried before it is set aside, whether it fails or its worker dies. */
export const tries = 3;
