import { z } from 'zod';
import { UserError } from '../numeric/errors.ts';

/** Which samples of a dataset are taken: `limit` of them from number `start` on, counted from 0, by default all. */
export const windowOptions = {
  start: z.int().nonnegative().default(0),
  limit: z.int().positive().optional(),
};

/** The items in a window. Throws `UserError` for a start behind the last of them; `place` says whose they are. */
export function inWindow<T>(
  items: readonly T[],
  { start, limit }: { readonly start: number; readonly limit?: number },
  place: string,
): T[] {
  if (items.length > 0 && start >= items.length)
    throw new UserError(`${place}: "start" is ${start}, and there are ${items.length} samples; lower it`);
  return items.slice(start, limit === undefined ? undefined : start + limit);
}
