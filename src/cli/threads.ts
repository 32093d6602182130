import { UserError } from '../numeric/errors.ts';

const countOption = <D extends string>(flag: string, describe: string, defaultDescription: D) =>
  ({
    type: 'number',
    requiresArg: true,
    describe,
    defaultDescription,
    coerce(count?: number) {
      if (count !== undefined && !(Number.isInteger(count) && count > 0))
        throw new UserError(`--${flag}: expected a whole number of at least 1`);
      return count;
    },
  }) as const;

/** The option `--threads` of commands that run models. */
export const threadsOption = countOption(
  'threads',
  'threads of one operator; other numbers change the last digits',
  'by the size of the models',
);

/** The option `--workers` of commands that run an experiment. */
export const workersOption = countOption(
  'workers',
  'processes that share the samples; results do not depend on it',
  'by the size of the models',
);
