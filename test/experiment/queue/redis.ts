import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../tiny.ts';

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A redis-server or valkey-server on the path; undefined where there is none. */
export const redisServer = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['redis-server', 'valkey-server'].map((name) => join(folder, name)))
  .find(runs);

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A real Redis of a test's own. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Kills it, and starts it again after a while on the same port. */
  restart(pause?: number): Promise<void>;
}

/** Starts a Redis that goes away with the test; one that persists has its data again after a restart. */
export async function startRedis({ persist = true, args = [] as string[], auth = '' } = {}): Promise<TestRedis> {
  const port = await freePort();
  const folder = await temporaryFolder();
  let server: ChildProcess;
  const begin = async () => {
    const keep = persist ? ['--appendonly', 'yes'] : ['--save', '', '--appendonly', 'no'];
    const where = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder];
    server = spawn(redisServer!, [...where, ...keep, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) =>
      server.stdout!.on('data', (text: Buffer) => /Ready to accept/.test(text.toString()) && resolve()),
    );
  };
  const end = () =>
    new Promise((resolve) => {
      server.once('close', resolve);
      server.kill('SIGKILL');
    });
  await begin();
  onTestFinished(() => void server.kill('SIGKILL'));
  return {
    port,
    url: `redis://${auth}127.0.0.1:${port}/0`,
    async restart(pause = 300) {
      await end();
      await new Promise((resolve) => setTimeout(resolve, pause));
      await begin();
    },
  };
}

/** A network in between that can be cut: nothing comes through then, and nobody is told. */
export interface Network {
  readonly url: string;
  cut(): void;
  mend(): void;
}

/** Starts a network to a port, which goes away with the test. */
export async function startNetwork(port: number): Promise<Network> {
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(from);
      from.on('data', (data) => whole && to.write(data));
      from.on('close', () => whole && to.destroy());
      from.on('error', () => undefined);
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    server.close();
    drop();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}/0`,
    cut: () => void (whole = false),
    mend() {
      // What went through a cut network is lost; connections that were open in it are dead.
      drop();
      whole = true;
    },
  };
}
