import { UserError } from '../numeric/errors.ts';

function whole(flag: string, value: number, least = -Infinity): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new UserError(`--${flag}: expected a whole number${least > -Infinity ? ` of at least ${least}` : ''}`);
}

/** The option `--seed`; `describe` says what is drawn from it. */
export const seedOption = (describe: string) =>
  ({ type: 'number', default: 0, requiresArg: true, describe, coerce: (seed: number) => whole('seed', seed) }) as const;

/** An option that is a whole number of at least 1. */
export const countOption = (flag: string, describe: string, preset: number) =>
  ({
    type: 'number',
    default: preset,
    requiresArg: true,
    describe,
    coerce: (count: number) => whole(flag, count, 1),
  }) as const;

/** Likewise, one that may be left out; `otherwise` says what holds then. */
export const optionalCount = (flag: string, describe: string, otherwise: string) =>
  ({
    type: 'number',
    requiresArg: true,
    describe,
    defaultDescription: otherwise,
    coerce: (count?: number) => (count === undefined ? undefined : whole(flag, count, 1)),
  }) as const;
