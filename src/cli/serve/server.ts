import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pageAssets } from '../../../reports/page/assets.ts';
import { UserError } from '../../numeric/errors.ts';
import { pageOf, partsOf, script, type LiveRun } from './page.ts';

const address = '127.0.0.1';
const interval = 500;

/** Nothing may be loaded but from here, and no other site may show or read what is here. */
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** What is sent for a path. */
interface Content {
  readonly type: string;
  readonly body: string | Uint8Array;
  /** For a page with a policy of its own. */
  readonly policy?: string;
}

/** A page about a run, on this machine only. */
export interface LiveServer {
  readonly url: string;
  /** Sends what has changed to those who watch, and lets them and the port go. */
  close(): Promise<void>;
}

const ended = ({ state }: LiveRun) => state === 'finished' || state === 'stopped' || state === 'failed';

const style = `progress { width: 100%; height: 1.2rem; }
td small { white-space: nowrap; }
.wide { overflow-x: auto; }
.wide table { width: auto; }
.wide th, .wide td { padding: 0.25rem 0.8rem; }
`;

/** The report of a finished run; its own policy is in its text, and holds beside this one. */
async function reportFile(path: string, { out, state }: LiveRun): Promise<Content | undefined> {
  const chunk = /^\/report\/[\w-]+\.js$/.test(path);
  if (state !== 'finished' || !(path === '/report.html' || chunk)) return undefined;
  const body = await readFile(join(out, path)).catch(() => undefined);
  const policy = "frame-ancestors 'none'";
  return body && { type: chunk ? 'text/javascript' : 'text/html', body, policy };
}

async function contentOf(path: string, run: LiveRun): Promise<Content | undefined> {
  if (path === '/') return { type: 'text/html', body: pageOf(run) };
  if (path === '/script.js') return { type: 'text/javascript', body: script };
  if (path === '/style.css') return { type: 'text/css', body: (await pageAssets()).style + style };
  return reportFile(path, run);
}

/**
 * Shows a run to browsers of this machine: GET only, and only to those that ask for this address by its name, so that a foreign page cannot
 * have its own name point here. Port 0 is any free one. Throws `UserError` where the port is taken.
 */
export async function startServer(port: number, current: () => LiveRun): Promise<LiveServer> {
  const watchers = new Map<ServerResponse, Record<string, string>>();

  function send(watcher: ServerResponse): void {
    if (watcher.writableNeedDrain) return;
    const run = current();
    const known = watchers.get(watcher)!;
    const parts = Object.fromEntries(Object.entries(partsOf(run)).filter(([id, part]) => known[id] !== part));
    if (Object.keys(parts).length === 0 && !ended(run)) return;
    Object.assign(known, parts);
    watcher.write(`data: ${JSON.stringify({ parts, ended: ended(run) })}\n\n`);
  }

  function refuse(response: ServerResponse, status: number, text: string, more = {}): void {
    response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', ...more }).end(`${text}\n`);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host = '' } = request.headers;
    if (!hosts.includes(host)) return refuse(response, 403, 'ask for 127.0.0.1');
    if (request.method !== 'GET') return refuse(response, 405, 'GET only', { Allow: 'GET' });
    const path = request.url?.split('?')[0] ?? '';
    if (path === '/events') {
      response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
      watchers.set(response, {});
      response.on('close', () => watchers.delete(response));
      return send(response);
    }
    const content = await contentOf(path, current());
    if (!content) return refuse(response, 404, 'there is no such page');
    const { type, body, policy = headers['Content-Security-Policy'] } = content;
    response
      .writeHead(200, { ...headers, 'Content-Security-Policy': policy, 'Content-Type': `${type}; charset=utf-8` })
      .end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(`--serve ${port}: the port cannot be had (${error.code}); give another, or none for a free one`),
      ),
    );
    server.listen(port, address, resolve);
  });
  const chosen = (server.address() as AddressInfo).port;
  const hosts = [`${address}:${chosen}`, `localhost:${chosen}`];
  const sending = setInterval(() => [...watchers.keys()].forEach(send), interval);
  return {
    url: `http://${address}:${chosen}/`,
    async close() {
      clearInterval(sending);
      for (const watcher of watchers.keys()) {
        send(watcher);
        watcher.end();
      }
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), interval).unref();
      });
    },
  };
}
