import type { Executor, Task, TaskEvents } from '../executor.ts';
import type { Setting } from '../open-runner.ts';
import { startWorker, workerScript, type Worker } from './worker.ts';

/** What is left of a task once some of its units are done. */
const without = (task: Task, done: ReadonlySet<string>): Task => ({
  ...task,
  units: task.units.filter(({ key }) => !done.has(key)),
});

/**
 * Gets tasks done in a number of processes of this machine, each started at its first task. A task whose process dies goes on once in a new
 * one; when that dies too, the error names the unit at work.
 */
export function workerPool(setting: Setting, size: number, script = workerScript): Executor {
  return {
    async execute(tasks, { onResult, signal }) {
      const source = tasks[Symbol.asyncIterator]();
      const workers = new Set<Worker>();
      let stopping = false;
      const stop = () => {
        stopping = true;
        for (const worker of workers) worker.stop();
      };
      const start = () => {
        const worker = startWorker(setting, script);
        workers.add(worker);
        return worker;
      };

      /** Has a task done by a worker, or by one that takes its place; returns the one that is left. */
      async function runTask(task: Task, first: Worker): Promise<Worker> {
        const done = new Set<string>();
        const keep: TaskEvents['onResult'] = async (result) => {
          await onResult(result);
          for (const { key } of result.units) done.add(key);
        };
        let worker = first;
        let died = await worker.run(task, keep);
        for (let tries = 1; died !== undefined; tries++) {
          workers.delete(worker);
          const left = without(task, done);
          const [unit] = left.units;
          if (tries === 2 && unit)
            throw new Error(
              `${unit.description}: a worker process ${died}, twice in a row; with fewer --workers each has more memory`,
            );
          worker = start();
          if (!unit || stopping) break;
          died = await worker.run(left, keep);
        }
        return worker;
      }

      async function slot(): Promise<void> {
        let worker: Worker | undefined;
        while (!stopping) {
          const { done, value: task } = await source.next();
          if (done || stopping) return;
          worker = await runTask(task, worker ?? start());
        }
      }

      signal?.addEventListener('abort', stop);
      if (signal?.aborted) stop();
      try {
        const slots = Array.from({ length: size }, () =>
          slot().catch((error: unknown) => {
            stop();
            throw error;
          }),
        );
        const failed = (await Promise.allSettled(slots)).find((slot) => slot.status === 'rejected');
        if (failed) throw failed.reason;
      } finally {
        signal?.removeEventListener('abort', stop);
        await Promise.all([...workers].map((worker) => worker.close()));
        await source.return?.();
      }
    },
  };
}
