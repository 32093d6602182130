import { UserError } from '../numeric/errors.ts';

/** The URL of a queue: the given one, else `REDIS_URL` of the environment. Throws `UserError` where there is neither. */
export function queueUrl(given?: string): string {
  const url = given ?? process.env.REDIS_URL;
  if (!url) throw new UserError('which queue? Give --queue redis://HOST:6379/0, or set REDIS_URL');
  return url;
}
