import type { Task, TaskResult } from '../executor.ts';
import type { Setting } from '../open-runner.ts';

/** To a worker process. The first message is `open`; `stop` ends the task at work after its unit. */
export type ToWorker =
  | { readonly kind: 'open'; readonly setting: Setting }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'stop' };

/** From a worker process: results while a task is at work, then `ended` or `failed`. */
export type FromWorker =
  | { readonly kind: 'result'; readonly result: TaskResult }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack?: string; readonly mistake: boolean };
