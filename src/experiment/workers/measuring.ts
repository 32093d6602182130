import { fork } from 'node:child_process';
import { UserError } from '../../numeric/errors.ts';
import type { Measured } from '../measure.ts';
import type { Setting } from '../open-runner.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { workerScript } from './worker.ts';

/** Measures kinds of unit in a process of its own, which is ended when the time is over, whatever it is at. */
export function measureFor(setting: Setting, seconds: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  const child = fork(workerScript, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  return new Promise<Measured[]>((resolve, reject) => {
    child.on('message', (message: FromWorker) => {
      if (message.kind === 'measured') measured.push(message.measured);
      else if (message.kind === 'failed')
        reject(message.mistake ? new UserError(message.message) : new Error(message.message));
      else child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', () => resolve(measured));
    child.send({ kind: 'measure', setting } satisfies ToWorker);
  }).finally(() => {
    clearTimeout(timer);
    child.kill('SIGKILL');
  });
}
