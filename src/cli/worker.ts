import { hostname } from 'node:os';
import { UserError } from '../numeric/errors.ts';
import { defineCommand, say } from './command.ts';
import { queueUrl } from './queue-url.ts';

function atLeastOne(name: string) {
  return (value?: number) => {
    if (value !== undefined && !(value >= 1)) throw new UserError(`--${name}: expected a number of at least 1`);
    return value;
  };
}

/** `worker`: computes units of the experiments that others run with the same queue. */
export const worker = defineCommand({
  builder: (yargs) =>
    yargs.options({
      queue: {
        type: 'string',
        requiresArg: true,
        describe: 'redis://[USER:PASSWORD@]HOST[:PORT][/DB], or rediss:// for TLS',
        defaultDescription: 'REDIS_URL; a password may be in REDIS_PASSWORD',
      },
      name: {
        type: 'string',
        requiresArg: true,
        describe: 'of this worker, in messages',
        defaultDescription: '<host>-<process>',
      },
      base: {
        type: 'string',
        default: '.',
        requiresArg: true,
        describe: 'folder that relative paths of configs start from',
      },
      'take-over': {
        type: 'number',
        default: 30,
        requiresArg: true,
        describe: 'seconds without a sign of life after which others take over what a worker has',
        coerce: atLeastOne('take-over'),
      },
      idle: {
        type: 'number',
        requiresArg: true,
        describe: 'seconds without work after which to end',
        defaultDescription: 'never',
        coerce: atLeastOne('idle'),
      },
    }),
  async handler({ queue, name = `${hostname()}-${process.pid}`, base, takeOver, idle }) {
    const { serve } = await import('../experiment/queue/worker.ts');
    const { joinRun } = await import('../experiment/queue/run.ts');
    const { interruptible } = await import('./interrupt.ts');
    const { signal, dispose } = interruptible();
    try {
      const open = (description: unknown) => joinRun(description, base);
      await serve({ url: queueUrl(queue), name, open, say, signal, takeOver, idle });
    } finally {
      dispose();
    }
    // What waits on a dead connection would keep the process for minutes.
    process.exit();
  },
});
