import { UserError } from '../numeric/errors.ts';

/** The option `--threads` of commands that run an experiment. */
export const threadsOption = {
  type: 'number',
  requiresArg: true,
  describe: 'threads of one operator; other numbers change the last digits',
  defaultDescription: 'one a core',
  coerce(threads?: number) {
    if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
      throw new UserError('--threads: expected a whole number of at least 1');
    return threads;
  },
} as const;
