import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue as View } from 'bullmq';
import type { Redis } from 'ioredis';
import { UserError } from '../../numeric/errors.ts';
import type { Executor, Task, TaskResult } from '../executor.ts';
import { connect, disconnect, type Say } from './connection.ts';
import { board, namesOf, tries } from './names.ts';

/** This machine cannot give a run what it would get elsewhere: the task goes back, and the worker takes no more from that run. */
export class Refusal extends UserError {
  override name = 'Refusal';
}

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

/** Sends a result unless its run is over; also notes its units, so that another try of the task leaves them out. */
const send = `
if redis.call('hexists', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('xadd', KEYS[2], '*', 'result', ARGV[2], 'worker', ARGV[3])
for i = 4, #ARGV do redis.call('sadd', KEYS[3], ARGV[i]) end
return 1`;

/** One run that this worker takes part in. */
interface Part {
  readonly queue: string;
  isBusy(): boolean;
  /** Gives back what is at work. */
  leave(): Promise<void>;
}

interface PartOptions extends Pick<WorkerOptions, 'name'> {
  readonly redis: Redis;
  readonly queue: string;
  readonly executor: Executor;
  readonly takeOver: number;
  refuse(reason: string): Promise<void>;
  /** At the end of each try of a task. */
  onWorked(): void;
}

async function* only(task: Task): AsyncGenerator<Task> {
  yield task;
}

async function takePart({ redis, queue, name, executor, takeOver, refuse, onWorked }: PartOptions): Promise<Part> {
  const { Worker, WaitingError, UnrecoverableError } = await import('bullmq');
  const names = namesOf(queue);
  const leaving = new AbortController();
  let busy = false;
  await redis.hdel(names.refusals, name); // from before it was made like the others

  async function compute(job: Job<Task>, lost: AbortSignal): Promise<void> {
    const reason = await redis.hget(names.refusals, name);
    if (reason !== null) throw new Refusal(reason);
    const sent = new Set(await redis.smembers(names.sent(job.id!)));
    const units = job.data.units.filter(({ key }) => !sent.has(key));
    if (units.length === 0) return;
    const signal = AbortSignal.any([leaving.signal, lost]);
    const onResult = async (result: TaskResult) => {
      const keys = result.units.map(({ key }) => key);
      await redis.eval(
        send,
        3,
        board,
        names.results,
        names.sent(job.id!),
        queue,
        JSON.stringify(result),
        name,
        ...keys,
      );
    };
    await executor.execute(only({ ...job.data, units }), { onResult, signal });
    if (lost.aborted) throw new Error('taken over by another worker');
  }

  async function work(job: Job<Task>, token?: string, lost?: AbortSignal): Promise<void> {
    busy = true;
    try {
      await compute(job, lost!);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!(error instanceof Refusal)) throw new UnrecoverableError(error.message);
      await refuse(error.message);
      leaving.abort();
      void worker.close();
    } finally {
      busy = false;
      onWorked();
    }
    if (!leaving.signal.aborted) return;
    await job.moveToWait(token);
    throw new WaitingError();
  }

  const worker = new Worker<Task>(queue, work, {
    name,
    connection: redis,
    prefix: names.bull,
    skipVersionCheck: true,
    lockDuration: takeOver * 1000,
    stalledInterval: takeOver * 500,
    maxStalledCount: tries - 1,
  });
  worker.on('error', () => undefined); // a task that was taken over, or a connection that says so itself
  worker.on('lockRenewalFailed', (jobs) => jobs.forEach((job) => worker.cancelJob(job)));
  return {
    queue,
    isBusy: () => busy,
    async leave() {
      leaving.abort();
      // Without Redis there is nobody to give a task back to: it is taken over in time.
      await Promise.race([worker.close(), sleep(patience, undefined, { ref: false })]);
    },
  };
}

const patience = 5000;

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
