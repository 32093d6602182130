import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Executor, Task, TaskResult } from '../executor.ts';
import { connect, disconnect, type Say } from './connection.ts';
import { board, jobOf, namesOf, tries } from './names.ts';

export interface QueueOptions {
  /** redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], or rediss:// for TLS. */
  readonly url: string;
  /** Name of the run's queue: another one for anything that workers must agree on, the same one for a run that goes on. */
  readonly queue: string;
  /** What workers are told of the run. Plain JSON. */
  readonly description: Description;
  /** Why a result cannot be used: its worker is told, and takes no more from this run. */
  refusal?(result: TaskResult): Promise<string | undefined>;
  readonly say: Say;
}

/** What a run says of itself; whatever has changed, `run` tells which it is. */
export interface Description {
  readonly run: string;
}

/** A task that workers have, or may take, with the keys of the units that are outstanding still. */
interface Open {
  readonly task: Task;
  readonly left: Set<string>;
}

/** So many tasks are in Redis at a time: what it holds does not grow with the experiment. */
const window = 512;
const batch = 32;
/** Milliseconds: until workers are told of everything again, should Redis have forgotten it; between two looks when nothing happens. */
const [retell, longest] = [30_000, 100];

/**
 * Gets tasks done by the workers of a queue on Redis. A result stays there until it was taken, so nothing is lost with this process; and this
 * process knows what is outstanding, so nothing is lost with Redis. A task that failed or whose worker died too often is set aside.
 */
export function createQueueExecutor(options: QueueOptions): Executor {
  const { url, queue: name, say } = options;
  return {
    async execute(tasks, { onResult, signal }) {
      const redis = await connect(url, say);
      const { Queue } = await import('bullmq');
      const names = namesOf(name);
      const view = (which: string) => {
        const opened = new Queue(which, { connection: redis, prefix: names.bull, skipVersionCheck: true });
        return opened.on('error', () => undefined); // the connection says so itself
      };
      const queue = view(name);
      const hurry = () => void setTimeout(() => redis.disconnect(), 3000).unref();
      signal?.addEventListener('abort', hurry);
      try {
        for (const old of await queuesOf(redis, options.description.run))
          if (old !== name) await retire(redis, view(old));
        const taken = await coordinate({ ...options, redis, queue, names }, tasks, onResult, signal);
        if (taken) await retire(redis, queue);
        else await queue.drain();
      } catch (error) {
        if (!signal?.aborted) throw error;
      } finally {
        signal?.removeEventListener('abort', hurry);
        disconnect(redis);
      }
    },
  };
}

interface Place extends Omit<QueueOptions, 'queue'> {
  readonly redis: Redis;
  readonly queue: Queue;
  readonly names: ReturnType<typeof namesOf>;
}

/** The queues of a run, also from before its config was changed. */
async function queuesOf(redis: Redis, run: string): Promise<string[]> {
  const runs = Object.entries(await redis.hgetall(board));
  return runs.filter(([, text]) => (JSON.parse(text) as Description).run === run).map(([queue]) => queue);
}

/** Hands out tasks and takes results until there are no more; false where the signal came first. */
async function coordinate(
  { redis, queue, names, description, say, refusal }: Place,
  tasks: AsyncIterable<Task>,
  onResult: (result: TaskResult) => Promise<void>,
  signal?: AbortSignal,
): Promise<boolean> {
  const source = tasks[Symbol.asyncIterator]();
  const open = new Map<string, Open>();
  const setAside = new Set<string>();
  const refusals = new Set<string>();
  let exhausted = false;
  let told = 0;
  redis.on('ready', () => (told = 0));

  const add = (entries: Iterable<Open>) =>
    queue.addBulk(
      [...entries].map(({ task, left }) => ({
        name: task.id,
        data: { ...task, units: task.units.filter(({ key }) => left.has(key)) },
        opts: { jobId: jobOf(task.id), attempts: tries, backoff: { type: 'exponential', delay: 1000 } },
      })),
    );

  /** Says what is outstanding; what Redis knows already it keeps as it is. */
  async function tell(): Promise<void> {
    if (Date.now() - told < retell) return;
    told = Date.now();
    await redis.hset(board, queue.name, JSON.stringify(description));
    await add(open.values());
  }

  async function fill(): Promise<void> {
    const fresh: Open[] = [];
    while (!exhausted && open.size < window && fresh.length < batch) {
      const { value, done } = await source.next();
      if (done) exhausted = true;
      else {
        const entry = { task: value, left: new Set(value.units.map(({ key }) => key)) };
        open.set(jobOf(value.id), entry);
        fresh.push(entry);
      }
    }
    if (fresh.length > 0) await add(fresh);
  }

  async function take(): Promise<number> {
    for (let count = 0; ;) {
      const entries = await redis.xrange(names.results, '-', '+', 'COUNT', batch);
      for (const [id, [, text, , worker]] of entries) {
        const result = JSON.parse(text) as TaskResult;
        const entry = open.get(jobOf(result.task));
        const reason = entry && (await refusal?.(result));
        if (reason !== undefined) await redis.hsetnx(names.refusals, worker, reason);
        else if (entry) {
          await onResult(result);
          for (const { key } of result.units) entry.left.delete(key);
          for (const key of result.skipped?.units ?? []) entry.left.delete(key);
        }
        await redis.xdel(names.results, id);
      }
      count += entries.length;
      if (entries.length < batch) return count;
    }
  }

  async function settle(job: Job<Task>): Promise<void> {
    const id = job.id!;
    const entry = open.get(id);
    await job.remove();
    await redis.del(names.sent(id));
    // Results that were lost on the way, as when Redis went back to an older state, are asked for again.
    if (entry && entry.left.size > 0) await add([entry]);
    else open.delete(id);
  }

  async function giveUp({ id, data, failedReason = '', attemptsMade }: Job<Task>): Promise<void> {
    if (setAside.has(id!)) return;
    setAside.add(id!);
    if (!open.delete(id!)) return;
    const stalled = failedReason.includes('stalled');
    const reason = stalled
      ? `its worker died or was cut off ${tries} times`
      : `${failedReason} (${attemptsMade} tries)`;
    await onResult({ task: data.id, units: [], setAside: reason });
  }

  async function hear(): Promise<void> {
    for (const [worker, reason] of Object.entries(await redis.hgetall(names.refusals))) {
      const line = `worker ${worker} does not take part: ${reason}`;
      if (!refusals.has(line)) say(line);
      refusals.add(line);
    }
  }

  for (let pause = 1; ;) {
    if (signal?.aborted) return false;
    await fill();
    await tell();
    // Before the results are read: what a finished job sent is among them then.
    const counts = await queue.getJobCounts('completed', 'failed');
    const finished = counts.completed > 0 ? await queue.getJobs(['completed'], 0, window) : [];
    const taken = await take();
    for (const job of finished) await settle(job as Job<Task>);
    if (counts.failed > setAside.size)
      for (const job of await queue.getJobs(['failed'])) await giveUp(job as Job<Task>);
    if (exhausted && open.size === 0) return true;
    if (taken + finished.length > 0) pause = 1;
    else {
      await hear();
      await sleep((pause = Math.min(2 * pause, longest)), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Takes a run away from Redis, with all that is left of it. */
async function retire(redis: Redis, queue: Queue): Promise<void> {
  const { results, refusals, sent } = namesOf(queue.name);
  await redis.hdel(board, queue.name);
  const jobs = await queue.getJobs();
  await queue.obliterate({ force: true });
  await redis.del(results, refusals, ...jobs.map((job) => sent(job.id!)));
}
