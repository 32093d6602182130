import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../../numeric/errors.ts';
import type { Task, TaskResult } from '../executor.ts';
import type { Setting } from '../open-runner.ts';
import { packageRoot } from '../package.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** A worker process. */
export interface Worker {
  /**
   * Has a task done, its results told one after the other. Returns how the process died, where it did before the task was done.
   * Rejects with the worker's own error, and with that of `onResult`.
   */
  run(task: Task, onResult: (result: TaskResult) => Promise<void>): Promise<string | undefined>;
  /** Ends the task at work after its unit. */
  stop(): void;
  /** Ends the process, which has no task. */
  close(): Promise<void>;
}

export const workerScript = join(packageRoot, 'bin', 'worker.mjs');

function errorOf({ message, stack, mistake }: Extract<FromWorker, { kind: 'failed' }>): Error {
  return mistake ? new UserError(message) : Object.assign(new Error(message), { stack });
}

/** Starts a worker process. */
export function startWorker(setting: Setting, script = workerScript): Worker {
  const child: ChildProcess = fork(script, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = new Promise<string>((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
    child.on('error', ({ message }) => resolve(`could not be run (${message})`));
  });
  const send = (message: ToWorker) => {
    // A process that is gone is told by its exit.
    if (child.connected) child.send(message, () => undefined);
  };
  send({ kind: 'open', setting });

  return {
    run: (task, onResult) =>
      new Promise((resolve, reject) => {
        let kept = Promise.resolve();
        const end = (settle: () => void) => {
          child.off('message', receive);
          kept.then(settle, reject);
        };
        const receive = (message: FromWorker) => {
          if (message.kind === 'result') {
            kept = kept.then(() => onResult(message.result));
            // What cannot be kept need not be computed to its end.
            kept.catch(() => end(() => undefined));
          } else if (message.kind === 'ended') end(() => resolve(undefined));
          else if (message.kind === 'failed') end(() => reject(errorOf(message)));
        };
        child.on('message', receive);
        void exited.then((died) => end(() => resolve(died)));
        send({ kind: 'task', task });
      }),
    stop: () => send({ kind: 'stop' }),
    async close() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
