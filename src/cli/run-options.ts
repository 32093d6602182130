import { UserError } from '../numeric/errors.ts';
import { engineOption } from './engine.ts';
import { optionalCount } from './number-options.ts';

/** The option `--threads` of commands that run models. */
export const threadsOption = optionalCount(
  'threads',
  'threads of one operator; other numbers change the last digits',
  'by the size of the models',
);

/** The option `--samples` of commands that run an experiment. */
export const samplesOption = optionalCount(
  'samples',
  'compute the first N samples of each dataset only; without it, a run goes on with the others',
  'all',
);

/** What a command that goes on with a run has to repeat: another engine or number of threads would change the last digits. */
export const repeated = (
  given: Readonly<Partial<Record<'engine' | 'threads' | 'samples', string | number | undefined>>>,
): string =>
  (['engine', 'threads', 'samples'] as const)
    .map((name) => (given[name] === undefined ? '' : ` --${name} ${given[name]}`))
    .join('');

const workersOption = optionalCount(
  'workers',
  'processes that share the samples; results do not depend on it',
  'by the size of the models',
);

const logOption = {
  choices: ['text', 'json'],
  default: 'text',
  describe: 'messages on stderr, as text or as JSON lines for programs',
} as const;

/** The option `--serve` of commands that run an experiment; 0 stands for any free port. */
export const serveOption = {
  type: 'string',
  describe: 'show the run in the browser, read-only, at a port of 127.0.0.1; without a number a free one',
  coerce(text?: string): number | undefined {
    if (text === undefined) return undefined;
    const port = Number(text);
    if (!(Number.isInteger(port) && port >= 0 && port < 65_536))
      throw new UserError(`--serve ${text}: expected a port, 1 to 65535`);
    return port;
  },
} as const;

/** The option `--measure` of commands that plan an experiment. */
export const measureOption = {
  type: 'number',
  requiresArg: true,
  describe: 'seconds that --plan may measure for its estimate; 0: none',
  defaultDescription: '20',
  coerce(seconds?: number) {
    if (seconds !== undefined && !(seconds >= 0))
      throw new UserError('--measure: expected a number of seconds, 0 or more');
    return seconds;
  },
} as const;

const cacheOptions = {
  cache: {
    type: 'string',
    requiresArg: true,
    describe: 'folder that keeps attacked pictures and slow maps, for several runs',
    defaultDescription: 'in the folder of the results',
  },
  'cache-size': {
    type: 'number',
    requiresArg: true,
    describe: 'GiB that it may hold; 0: keep none',
    defaultDescription: '2',
    coerce(size?: number) {
      if (size !== undefined && !(size >= 0)) throw new UserError('--cache-size: expected a number of GiB, 0 or more');
      return size;
    },
  },
} as const;

/** The options of commands that run experiments: by what, divided among how many, and what is said and kept on the way. */
export const runOptions = {
  engine: engineOption,
  threads: threadsOption,
  workers: workersOption,
  log: logOption,
  ...cacheOptions,
} as const;

/** The cache that these options ask for. */
export const cacheOf = ({ cache: folder, cacheSize }: { readonly cache?: string; readonly cacheSize?: number }) => ({
  folder,
  bytes: cacheSize === undefined ? undefined : cacheSize * 2 ** 30,
});
