import { UserError } from '../../numeric/errors.ts';
import { measure } from '../measure.ts';
import { openRun, openRunner } from '../open-runner.ts';
import type { TaskRunner } from '../task-runner.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** Sends a message to the process that started this one, and waits until it is on its way. */
const tell = (message: FromWorker): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send!(message, (error: Error | null) => (error ? reject(error) : resolve())),
  );

/** Makes this process a worker: does the tasks that come by message until the other side is gone. */
export function serve(): void {
  const stopped = new AbortController();
  let runner: Promise<TaskRunner> | undefined;

  async function work(message: ToWorker): Promise<void> {
    if (message.kind === 'open') {
      runner = openRunner(message.setting);
      // Told with the first task.
      runner.catch(() => undefined);
    } else if (message.kind === 'stop') stopped.abort();
    else if (message.kind === 'measure') {
      const { config, plan, engine } = await openRun(message.setting);
      for await (const measured of measure(config, plan, engine)) await tell({ kind: 'measured', measured });
      await tell({ kind: 'ended' });
    } else {
      const run = await runner!;
      await run(message.task, {
        onResult: (result) => tell({ kind: 'result', result }),
        signal: stopped.signal,
      });
      await tell({ kind: 'ended' });
    }
  }

  process.on('message', (message: ToWorker) => {
    work(message).catch((error: Error) => {
      const { message: text, stack } = error;
      void tell({ kind: 'failed', message: text, stack, mistake: error instanceof UserError });
    });
  });
  // Ctrl-C reaches all processes of a terminal; the one that started this one decides.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);
  process.on('disconnect', () => process.exit());
}
