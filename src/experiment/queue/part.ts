import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { UserError } from '../../numeric/errors.ts';
import type { Executor, Task, TaskResult } from '../executor.ts';
import { board, namesOf, tries } from './names.ts';

/** This machine cannot give a run what it would get elsewhere: the task goes back, and the worker takes no more from that run. */
export class Refusal extends UserError {
  override name = 'Refusal';
}

/** Milliseconds that a worker waits for a task to be given back. */
const patience = 5000;

/** Sends a result unless its run is over; also notes its units, so that another try of the task leaves them out. */
const send = `
if redis.call('hexists', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('xadd', KEYS[2], '*', 'result', ARGV[2], 'worker', ARGV[3])
for i = 4, #ARGV do redis.call('sadd', KEYS[3], ARGV[i]) end
return 1`;

/** One run that a worker takes part in. */
export interface Part {
  readonly queue: string;
  isBusy(): boolean;
  /** Gives back what is at work. */
  leave(): Promise<void>;
}

interface PartOptions {
  /** Of the worker. */
  readonly name: string;
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

/** Takes tasks of a run, one at a time, until it is left or refused. */
export async function takePart({
  redis,
  queue,
  name,
  executor,
  takeOver,
  refuse,
  onWorked,
}: PartOptions): Promise<Part> {
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
