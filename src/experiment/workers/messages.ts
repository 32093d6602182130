import type { Measured } from '../measure.ts';
import type { Task, TaskResult } from '../executor.ts';
import type { Setting } from '../open-runner.ts';

/** To a worker process. The first message is `open`, and `stop` ends the task at work after its unit; or the only one is `measure`. */
export type ToWorker =
  | { readonly kind: 'open'; readonly setting: Setting }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'stop' }
  | { readonly kind: 'measure'; readonly setting: Setting };

/** From a worker process: results while it is at work, then `ended` or `failed`. */
export type FromWorker =
  | { readonly kind: 'result'; readonly result: TaskResult }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack?: string; readonly mistake: boolean };
