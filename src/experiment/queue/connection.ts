import type { Redis } from 'ioredis';
import { UserError } from '../../numeric/errors.ts';

/** A line for people: what goes on, or what is wrong. */
export type Say = (line: string) => void;

const seconds = 1000;

/** The URL of a queue as it may be shown: without its password. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = parsed(url);
  return `${protocol}//${host}${pathname}`;
}

function parsed(url: string): URL {
  const result = URL.canParse(url) ? new URL(url) : undefined;
  if (!result || !['redis:', 'rediss:'].includes(result.protocol) || result.hostname === '')
    throw new UserError(
      'the queue is not the URL of a Redis; give redis://HOST:6379/0, or rediss://... for TLS; a password goes in the URL or in REDIS_PASSWORD',
    );
  return result;
}

/** What Redis says of itself under a name of INFO. */
const fieldOf = (info: string, name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];

/** Throws `UserError` for a Redis that is too old; warns of one that may drop keys when its memory is full. */
export function checkServer(info: string, shown: string, say: Say): void {
  const version = fieldOf(info, 'valkey_version') ?? fieldOf(info, 'redis_version') ?? '0';
  const [major, minor] = version.split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 2))
    throw new UserError(`${shown} is Redis ${version}, and a queue needs 6.2 or later (or Valkey)`);
  const policy = fieldOf(info, 'maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    say(
      `${shown} drops keys when its memory is full (maxmemory-policy ${policy}): units would be lost and computed again; set it to noeviction`,
    );
}

/**
 * Connects to a Redis or Valkey. Once connected, a lost connection is taken up again for as long as it takes, and commands wait for it.
 * Throws `UserError` where the URL is none, nobody answers, the password is wrong, or the server is older than 6.2.
 */
export async function connect(url: string, say: Say): Promise<Redis> {
  const shown = shownUrl(url);
  const given = parsed(url);
  const { Redis } = await import('ioredis');
  let reached = false;
  let mistake: Error | undefined;
  const redis = new Redis(url, {
    ...(given.password === '' && process.env.REDIS_PASSWORD ? { password: process.env.REDIS_PASSWORD } : {}),
    lazyConnect: true,
    connectTimeout: 10 * seconds,
    // A peer that is cut off says nothing, not even that it is.
    socketTimeout: 20 * seconds,
    maxRetriesPerRequest: null,
    retryStrategy: (tries) => (reached ? Math.min(tries * 100, 2 * seconds) : null),
  });
  redis.on('error', (error: Error) => (mistake = error));
  try {
    await redis.connect();
    checkServer(await redis.info(), shown, say);
  } catch (error) {
    redis.disconnect();
    if (error instanceof UserError) throw error;
    const { code, message } = (mistake ?? error) as NodeJS.ErrnoException;
    throw new UserError(`cannot use the Redis at ${shown}: ${message || code}`, { cause: error });
  }
  reached = true;
  let lost = false;
  redis.on('close', () => {
    // Of the connection that was lost; ioredis 5 leaves it, and it would end the next one.
    const inner = redis as unknown as { socketTimeoutTimer?: NodeJS.Timeout };
    clearTimeout(inner.socketTimeoutTimer);
    inner.socketTimeoutTimer = undefined;
    if (!lost) say(`the connection to ${shown} is lost; trying again`);
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) say(`connected to ${shown} again`);
    lost = false;
  });
  return redis;
}

/** Ends a connection at once. */
export function disconnect(redis: Redis): void {
  redis.removeAllListeners('close');
  redis.disconnect();
}
