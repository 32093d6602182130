import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { html } from '../../src/cli/serve/html.ts';
import { gatherMeans } from '../../src/cli/serve/means.ts';
import type { LiveRun } from '../../src/cli/serve/page.ts';
import { startServer, type LiveServer } from '../../src/cli/serve/server.ts';
import { temporaryFolder } from '../experiment/tiny.ts';
import { findChromium, launch } from '../reports/chromium.ts';
import { metrics, row } from '../reports/samples.ts';
import { cli } from './in-process.ts';

const nasty = '<img src=x onerror=alert(1)>&"\'';

const rows = [
  row({ explainer: nasty, value: 1 }),
  row({ explainer: nasty, sample: 'b', value: 0 }),
  row({ explainer: 'grad-cam', value: null, reason: 'the mask is empty' }),
  row({ explainer: 'grad-cam', attack: 'pgd', metric: 'attack:l2', value: 3 }),
  row({ explainer: 'grad-cam', attack: 'pgd', metric: 'ssim:after-target', value: -0.25 }),
];

function meansOf(given: typeof rows) {
  const means = gatherMeans();
  means.add(given);
  return means.tables();
}

const begun: LiveRun = {
  ...{ name: nasty, out: 'runs/mine', state: 'running', done: 1, total: 4, unit: 'toy/scenes/a/srd/none' },
  ...{ unitsPerSecond: 0.5, secondsLeft: 6, notes: [], skipped: [], setAside: [], means: [], metrics },
};

let run: LiveRun;
let server: LiveServer;
beforeEach(async () => {
  run = begun;
  server = await startServer(0, () => run);
});
afterEach(() => server.close());

interface Answer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Asks without the help of `fetch`, which cleans paths and sets `Host` itself. */
function ask(path: string, { method = 'GET', host, at }: { method?: string; host?: string; at?: string } = {}) {
  const { hostname, port } = new URL(server.url);
  return new Promise<Answer>((resolve, reject) => {
    const options = { host: at ?? hostname, port, path, method, headers: host ? { host } : {} };
    request(options, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('html', () => {
  it('escapes texts and leaves markup', () => {
    expect(html`<p title="${nasty}">${[html`<b>${1}</b>`, html`<i>${'a<b'}</i>`]}</p>`.html).toBe(
      '<p title="&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;"><b>1</b><i>a&lt;b</i></p>',
    );
  });
});

describe('means so far', () => {
  it('are those of defined values, by model, dataset and attack; what attacks report is left out', () => {
    expect(meansOf(rows)).toEqual([
      {
        ...{ model: 'toy', dataset: 'scenes', attack: 'none', metrics: ['pointing-game'] },
        rows: [
          { explainer: nasty, means: [{ mean: 0.5, n: 2, undefined: 0 }] },
          { explainer: 'grad-cam', means: [{ mean: null, n: 0, undefined: 1 }] },
        ],
      },
      {
        ...{ model: 'toy', dataset: 'scenes', attack: 'pgd', metrics: ['ssim:after-target'] },
        rows: [{ explainer: 'grad-cam', means: [{ mean: -0.25, n: 1, undefined: 0 }] }],
      },
    ]);
  });
});

describe('the server', () => {
  it('shows the run, under a policy that lets nothing else in', async () => {
    const { status, headers, text } = await ask('/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store' });
    expect(text).toContain('1 of 4 units · 0.500 a second · 6s left');
    expect(text).not.toContain('<img');
  });

  it('answers GET only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(await ask('/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  it('answers to its own address only, so that no other name may point here', async () => {
    const { port } = new URL(server.url);
    expect(await ask('/', { host: `localhost:${port}` })).toMatchObject({ status: 200 });
    for (const host of [`evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil.example:${port}`, 'localhost:1'])
      expect(await ask('/events', { host })).toMatchObject({ status: 403 });
  });

  it('listens on 127.0.0.1 only', async () => {
    await expect(ask('/', { at: '127.0.0.2' })).rejects.toThrow();
  });

  it('gives the report of a finished run and no other file', async () => {
    const out = await temporaryFolder();
    await writeFile(join(out, 'report.html'), 'the report');
    await writeFile(join(out, 'run.json'), 'not for all');
    run = { ...begun, out };
    expect(await ask('/report.html')).toMatchObject({ status: 404 });
    run = { ...run, state: 'finished' };
    expect(await ask('/report.html')).toMatchObject({ status: 200, text: 'the report' });
    for (const path of ['/run.json', '/report/../run.json', '/report/%2e%2e/run.json', '/report/', '//report.html'])
      expect(await ask(path)).toMatchObject({ status: 404 });
  });

  it('says so where the port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startServer(port, () => run)).rejects.toThrow(
      `--serve ${port}: the port cannot be had (EADDRINUSE); give another, or none for a free one`,
    );
  });
});

it('--serve takes a port', async () => {
  const { code, stderr } = await cli('experiment', '--config', 'a.yaml', '--serve', '80800');
  expect([code, stderr]).toEqual([2, '--serve 80800: expected a port, 1 to 65535\n']);
});

const executable = findChromium();
describe.skipIf(!executable)(`in a browser${executable ? '' : ' (no Chromium: set CHROMIUM to its path)'}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(executable!);
  }, 60_000);
  afterAll(() => browser?.close());

  it('the page follows the run to its end, and names stay text', async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => trouble.push('dialog')));
    await page.goto(server.url);
    expect(await page.locator('h1').textContent()).toBe(nasty);
    expect(await page.locator('table').count()).toBe(0);

    const skipped = [{ dataset: 'scenes', sample: nasty, reason: 'no picture' }];
    const setAside = [{ model: 'vgg', dataset: 'scenes', sample: nasty, units: 2, reason: 'its worker died' }];
    run = { ...run, done: 3, secondsLeft: 2, means: meansOf(rows), skipped, setAside };
    await page.locator('tbody th', { hasText: nasty }).waitFor();
    expect(await page.locator('#progress progress').getAttribute('value')).toBe('3');
    expect(await page.locator('#problems').textContent()).toContain(`skipped ${nasty} of scenes: no picture`);
    expect(await page.locator('#problems').textContent()).toContain(
      `set aside ${nasty} of scenes, 2 units with vgg: its worker died`,
    );
    expect(await page.locator('#means td').allTextContents()).toEqual([
      '0.500n = 2',
      '–n = 0 + 1 undefined',
      '−0.250n = 1',
    ]);
    expect(await page.locator('#means thead').last().textContent()).toContain('ssim:after-target ↓');
    expect(await page.locator('#means').textContent()).toContain('Provisional');

    await page.locator('#means .wide').last().focus();
    run = { ...run, means: meansOf([...rows, ...rows]) };
    await page.locator('#means td', { hasText: 'n = 4' }).waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('toy on scenes, pgd');

    run = { ...run, done: 4, state: 'finished' };
    await page.getByRole('link', { name: 'The report' }).waitFor();
    await server.close();
    expect(await page.locator('#gone').isVisible()).toBe(false);
    expect(trouble).toEqual([]);
  }, 60_000);

  it('the page says when the run cannot be reached', async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction('document.getElementById("progress").textContent.includes("1 of 4")');
    await server.close();
    await page.locator('#gone').waitFor();
    expect(await page.locator('#progress').textContent()).toContain('1 of 4 units');
  }, 60_000);
});
