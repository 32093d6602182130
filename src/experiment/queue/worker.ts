import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue as View } from 'bullmq';
import { UserError } from '../../numeric/errors.ts';
import type { Executor } from '../executor.ts';
import { connect, disconnect, type Say } from './connection.ts';
import { board, namesOf } from './names.ts';
import { takePart, type Part } from './part.ts';

/** What computes the units of one run. */
export interface Opened extends Executor {
  /** Frees what it holds. */
  release?(): Promise<void>;
}

export interface WorkerOptions {
  readonly url: string;
  /** Of this worker, in messages; no two workers have the same. */
  readonly name: string;
  /** Gets ready for a run from its description. Throws `Refusal` where it differs here. */
  open(description: unknown): Promise<Opened>;
  readonly say: Say;
  /** Aborting it gives the task at work back, after the unit at work. */
  readonly signal: AbortSignal;
  /** Seconds without a sign of life after which others take over what a worker has; longer than anything that blocks it. */
  readonly takeOver?: number;
  /** Seconds without work after which this worker ends; by default it waits for ever. */
  readonly idle?: number;
}

/** Works on the tasks of the runs that are announced on a Redis, one at a time, until the signal or a long time without any. */
export async function serve({
  url,
  name,
  open,
  say,
  signal,
  takeOver = 30,
  idle = Infinity,
}: WorkerOptions): Promise<void> {
  const redis = await connect(url, say);
  const { Queue } = await import('bullmq');
  const refused = new Set<string>();
  const views = new Map<string, View>();
  let worked = Date.now();
  let part: Part | undefined;
  let opened: { readonly text: string; readonly executor: Opened } | undefined;
  const stopped = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));

  function view(queue: string): View {
    let found = views.get(queue);
    if (!found) {
      found = new Queue(queue, { connection: redis, prefix: namesOf(queue).bull, skipVersionCheck: true });
      found.on('error', () => undefined); // the connection says so itself
      views.set(queue, found);
    }
    return found;
  }

  async function refuse(queue: string, reason: string): Promise<void> {
    refused.add(queue);
    say(`refused ${queue}: ${reason}`);
    await redis.hset(namesOf(queue).refusals, name, reason);
  }

  /** The queue to be in: where tasks wait, or else where another worker may yet die; none where every run is over or refused. */
  async function choose(queues: readonly string[]): Promise<string | undefined> {
    const here = queues.find((queue) => queue === part?.queue);
    if (part?.isBusy()) return here;
    const counts: [queue: string, waiting: number, taken: number][] = [];
    for (const queue of [...(here ? [here] : []), ...queues]) {
      const { wait, active, delayed } = await view(queue).getJobCounts('wait', 'active', 'delayed');
      counts.push([queue, wait, active + delayed]);
    }
    const found = counts.find(([, waiting]) => waiting > 0) ?? counts.find(([, , taken]) => taken > 0);
    return found?.[0] ?? here;
  }

  async function join(queue: string, text: string): Promise<void> {
    try {
      if (opened?.text !== text) {
        await opened?.executor.release?.();
        opened = undefined;
        opened = { text, executor: await open(JSON.parse(text)) };
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return refuse(queue, error.message);
    }
    const { executor } = opened;
    const events = { refuse: (reason: string) => refuse(queue, reason), onWorked: () => void (worked = Date.now()) };
    part = await takePart({ redis, queue, name, executor, takeOver, ...events });
    say(`taking part in ${queue}`);
  }

  async function look(): Promise<void> {
    const runs = await redis.hgetall(board);
    const wanted = await choose(Object.keys(runs).filter((queue) => !refused.has(queue)));
    if (part && part.queue !== wanted) {
      await part.leave();
      say(`left ${part.queue}`);
      part = undefined;
    }
    if (!part && wanted !== undefined) await join(wanted, runs[wanted]);
  }

  while (!signal.aborted && (part?.isBusy() || Date.now() - worked <= idle * 1000)) {
    await Promise.race([look(), stopped]);
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
  await part?.leave();
  await opened?.executor.release?.();
  disconnect(redis);
}
