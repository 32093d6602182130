import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkServer } from '../../../src/experiment/queue/connection.ts';
import { cli } from '../../cli/in-process.ts';
import { runCli } from '../../cli/run-cli.ts';
import { temporaryFolder, tinyExperiment } from '../tiny.ts';
import { freePort, redisServer, startRedis } from './redis.ts';

/** What is said of a server that answers INFO so, and how it ends. */
function checked(...info: string[]): string[] {
  const lines: string[] = [];
  try {
    checkServer(info.map((line) => `${line}\r\n`).join(''), 'redis://there:6379/0', (line) => lines.push(line));
  } catch (error) {
    lines.push((error as Error).message);
  }
  return lines;
}

test.each(['6.0.16', '6.1.240', '5.0.14'])('refuses Redis %s', (version) => {
  expect(checked('# Server', `redis_version:${version}`, 'redis_mode:standalone')).toEqual([
    `redis://there:6379/0 is Redis ${version}, and a queue needs 6.2 or later (or Valkey)`,
  ]);
});

test('takes Redis 6.2 and later, and Valkey by its own version; warns where keys may be dropped', () => {
  expect(checked('redis_version:6.2.0', 'maxmemory_policy:noeviction')).toEqual([]);
  expect(checked('redis_version:10.0.1')).toEqual([]);
  expect(checked('redis_version:7.2.4', 'server_name:valkey', 'valkey_version:8.1.0')).toEqual([]);
  expect(checked('redis_version:7.0.0', 'maxmemory_policy:allkeys-lru')).toEqual([
    expect.stringMatching(/drops keys .*allkeys-lru.*noeviction/),
  ]);
});

test('where no Redis answers, worker and experiment say so in one line, without the password', async () => {
  const url = `redis://:secret@127.0.0.1:${await freePort()}/0`;
  const reason = /^cannot use the Redis at redis:\/\/127\.0\.0\.1:\d+\/0: .*ECONNREFUSED.*\n$/;
  expect(await cli('worker', '--queue', url)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(reason) });

  const folder = await temporaryFolder();
  const config = await tinyExperiment(folder);
  const out = ['--out', join(folder, 'out'), '--quiet'];
  const { code, stderr } = await cli('experiment', '--config', config, '--queue', url, ...out);
  expect(code).toBe(2);
  expect(stderr.split(/^/m).at(-1)).toMatch(reason);
  expect(stderr).not.toContain('secret');
});

const run = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: 'utf8' });

/** Why TLS cannot be tried here. A server without it stumbles over its option before it comes to the one that is none. */
function noTls(): string | undefined {
  if (!redisServer) return 'no redis-server';
  if (run(redisServer, '--port', '0', '--tls-port', '0', '--no-such-option', '0').stdout.includes('tls-port'))
    return 'a redis-server without TLS';
  return run('openssl', 'version').status === 0 ? undefined : 'no openssl';
}

const missing = noTls();

describe.skipIf(missing)(`TLS${missing ? ` (${missing})` : ''}`, { timeout: 30_000 }, () => {
  test('takes a private CA from NODE_EXTRA_CA_CERTS, and refuses it otherwise', async () => {
    const folder = await temporaryFolder();
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name));
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const who = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = run('openssl', 'req', '-x509', ...ec, '-days', '2', ...who, '-keyout', key, '-out', certificate);
    expect(made.status, made.stderr).toBe(0);
    const port = await freePort();
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
    await startRedis({ persist: false, args: ['--tls-port', `${port}`, '--tls-auth-clients', 'no', ...files] });
    const work = ['worker', '--queue', `rediss://127.0.0.1:${port}/0`, '--idle', '1'];

    expect(await cli(...work)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^cannot use the Redis at rediss:\S+: .*certificate.*\n$/) as string,
    });
    vi.stubEnv('NODE_EXTRA_CA_CERTS', certificate);
    expect(await runCli(work, folder)).toEqual({ code: 0, stdout: '', stderr: '' });
    vi.unstubAllEnvs();
  });
});
