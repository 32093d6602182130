import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { meanCurves } from '../../reports/mean-curves.ts';
import { comparePairs } from '../../reports/pairwise.ts';
import { startPage, type RunRecord } from '../../reports/page/index.ts';
import { rankExplainers } from '../../reports/ranks.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import { summarise } from '../../reports/summary.ts';
import { writeWhole } from '../../reports/write.ts';
import { findChromium, launch } from './chromium.ts';
import { attackedFigure, metrics, sampleCurves, sampleRows, transferRows } from './samples.ts';

/** What these tests ask of the page's window. */
interface Window {
  getComputedStyle(element: unknown): { readonly clipPath: string };
}

const executable = findChromium();
const nasty = '<script>alert(1)</script>&"';

// Room for the rows in the page; the figure goes to the folder beside it.
const room = 5_000;

/** What run.json tells, with nothing but what was not done. */
const run: RunRecord = {
  ...{ name: 'toy', package: '1.0.0', node: '20', platform: 'linux', started: '2026-01-01T00:00:00Z', seconds: 1 },
  engine: { name: 'toy', device: 'cpu', version: '1' },
  setting: { recipe: { text: '', file: 'toy.yaml' } },
  config: { seed: 0, target: 'predicted', heatmaps: 0, tables: [], explainers: [], attacks: [], metrics: [] },
  ...{ subjects: [], units: { planned: 4, computed: 1, reused: 0 }, leftOut: [], rows: 1, secondsByUnitKind: {} },
  skipped: [{ dataset: 'scenes', sample: 's7', reason: 'no picture' }],
  setAside: [{ model: 'toy', dataset: 'scenes', sample: nasty, units: 2, reason: 'its worker died' }],
};

/** A page of nothing but an attack on each explainer, scored on all. */
async function writeTransferPage(out: string): Promise<string> {
  const cells = cellsOf(transferRows());
  const page = await startPage(cells, (path, content) => writeWhole(join(out, path), content));
  await page.finish({ run, metrics, summaries: summarise(cells, metrics), pairs: [], ranks: [], curves: [] });
  return pathToFileURL(join(out, 'report.html')).href;
}

async function writePage(out: string): Promise<string> {
  const rows = sampleRows().map((row) => (row.sample === 's5' ? { ...row, sample: nasty } : row));
  const cells = cellsOf(rows);
  const page = await startPage(cells, (path, content) => writeWhole(join(out, path), content), room);
  const figure = attackedFigure();
  const entries = figure.entries.map((entry) => ({ ...entry, attack: 'targeted-manipulation' }));
  await page.addFigure({ ...figure, entries, prediction: { label: nasty, probability: 0.9 } });
  await page.finish({
    metrics,
    summaries: summarise(cells, metrics),
    pairs: comparePairs(cells, metrics, 0),
    ranks: rankExplainers(cells, metrics),
    curves: meanCurves(sampleCurves()),
  });
  return pathToFileURL(join(out, 'report.html')).href;
}

describe.skipIf(!executable)(
  `the page in a browser${executable ? '' : ' (no Chromium: set CHROMIUM to its path)'}`,
  () => {
    let browser: Browser;
    let page: Page;
    let out: string;
    let url: string;
    let trouble: string[];
    let requests: string[];

    beforeAll(async () => {
      out = await mkdtemp(join(tmpdir(), 'page-'));
      [browser, url] = await Promise.all([launch(executable!), writePage(out)]);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await rm(out, { recursive: true });
    });
    afterEach(async () => {
      await page.close();
      expect(trouble).toEqual([]);
      expect(requests.filter((request) => !request.startsWith(pathToFileURL(out).href))).toEqual([]);
    });

    async function open(hash = '', address = url): Promise<void> {
      page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      [trouble, requests] = [[], []];
      page.on('console', (message) => trouble.push(message.text()));
      page.on('pageerror', (error) => trouble.push(error.message));
      page.on('dialog', (dialog) => {
        trouble.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (!request.url().startsWith('data:')) requests.push(request.url());
      });
      await page.goto(address + hash);
      await page.waitForSelector('html[data-ready]');
    }

    const names = () => page.locator('#ranking tbody th').allTextContents();
    const samples = () => page.locator('#samples .tall tbody th').allTextContents();
    const ink = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const canvas = element as unknown as {
            width: number;
            height: number;
            getContext(kind: '2d'): {
              getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
            };
          };
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return new Set(Array.from({ length: data.length / 4 }, (_, p) => data.slice(4 * p, 4 * p + 4).join())).size;
        });

    it('sorts the ranking by a heading, says so, and turns it', async () => {
      await open();
      const means = async () =>
        (await page.locator('#ranking tbody td:nth-child(2) .value').allTextContents()).map((text) => parseFloat(text));
      const heading = page.locator('#ranking thead th').nth(1);
      expect(await heading.getAttribute('aria-sort')).toBe('none');
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('descending');
      const down = await means();
      expect(down).toEqual([...down].sort((a, b) => b - a));
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('ascending');
      expect(await means()).toEqual(down.reverse());
      // The heading was drawn anew, and still has the focus.
      expect(await page.evaluate('document.activeElement.id')).toBe('sort-0');
    });

    it('says how many values are undefined, and why', async () => {
      await open();
      expect(await page.locator('#ranking .warn').first().textContent()).toBe('1 of 12 undefined');
      await page.locator('#ranking summary').click();
      expect(await page.locator('#ranking details').textContent()).toContain('the mask is empty');
    });

    it('hides explainers by the keyboard', async () => {
      await open();
      await page.locator('#show-0').focus();
      await page.keyboard.press('Space');
      expect(await names()).toEqual(['gradcam', 'integrated-gradients']);
      expect(await page.locator('#show-0').getAttribute('aria-pressed')).toBe('false');
      await page.keyboard.press('Enter');
      expect(await names()).toHaveLength(3);
    });

    it('draws charts with a text instead', async () => {
      await open('#section=charts');
      await page.waitForFunction('document.activeElement.id === "charts-title"');
      await expect.poll(() => ink('#charts .canvas canvas')).toBeGreaterThan(5);
      expect(await page.locator('#charts .canvas canvas').first().getAttribute('aria-label')).toMatch(
        /^Pointing game\. .*srd-apop/,
      );
      expect(await page.locator('#curves .canvas').count()).toBe(1);
      expect(await page.locator('#ranks .canvas').count()).toBe(2);
    });

    it('reads a figure beside the page, and slides from before to after', async () => {
      await open('#attack=targeted-manipulation&section=gallery');
      expect(requests.at(-1)).toMatch(/report\/figure-1\.js$/);
      expect(await page.locator('#gallery .row').count()).toBe(2);
      const cut = () =>
        page
          .locator('.layer.after')
          .first()
          .evaluate((e) => (globalThis as unknown as Window).getComputedStyle(e).clipPath);
      const middle = await cut();
      await page.locator('#wipe').focus();
      await page.keyboard.press('Home');
      expect(await cut()).not.toBe(middle);
      expect(await page.evaluate('location.hash')).toContain('wipe=0');
      expect(await ink('.panel canvas:not(.bar)')).toBeGreaterThan(20);
      const row = page.locator('#gallery .row').first();
      expect(await row.locator('.ends').first().locator('span').allTextContents()).toHaveLength(3);
      await page.locator('#view-absolute').check();
      await expect.poll(() => row.locator('.ends').first().locator('span').count()).toBe(2);
      expect(await row.locator('.under').nth(1).textContent()).toBe(`${nasty}, 90.0 %`);
    });

    it('finds samples by name and reason, and sorts them by value', async () => {
      await open();
      expect(await samples()).toHaveLength(12);
      await page.locator('#only').selectOption('the mask is empty');
      await expect.poll(samples).toEqual(['s3', 's4', nasty].sort());
      await page.locator('#only').selectOption('');
      await page.locator('#find').focus();
      await page.keyboard.type('S1');
      await expect.poll(samples).toEqual(['s1', 's10', 's11']);
      await page.locator('#find').fill('');
      await expect.poll(samples).toHaveLength(12);
      await page.getByRole('button', { name: 'gradcam' }).last().click();
      await expect.poll(() => page.locator('#samples .tall th[aria-sort=ascending]').textContent()).toBe('gradcam');
      const values = await page.locator('#samples .tall tbody td:nth-child(6)').allTextContents();
      const numbers = values.slice(0, -1).map((text) => Number(text.replace('−', '-')));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(values.at(-1)).toBe('the mask is empty');
    });

    it('opens a sample, keeps it in the address, and goes back', async () => {
      await open();
      await page.getByRole('button', { name: nasty, exact: true }).press('Enter');
      await page.waitForFunction('document.activeElement.id === "detail"');
      expect(await page.locator('#detail').textContent()).toBe(nasty);
      const address = (await page.evaluate('location.hash')) as string;
      await page.goBack();
      await expect.poll(() => page.locator('#detail').count()).toBe(0);
      await page.close();
      await open(address);
      expect(await page.locator('#detail').textContent()).toBe(nasty);
      const wanted = sampleRows().find((row) => row.sample === 's5' && row.metric === 'attack:linf')!;
      const text = await page.locator('.detail tbody').nth(1).textContent();
      expect(text).toContain(wanted.value!.toFixed(3).replace('-', '−'));
    });

    it('chooses an attack in the matrix of transfer, where there is one', async () => {
      await open();
      expect(await page.locator('#transfer').count()).toBe(0);
      await page.close();
      await open('', await writeTransferPage(join(out, 'transfer')));
      const cells = page.locator('#transfer tbody td button');
      expect(await cells.locator('.value').allTextContents()).toEqual(
        ['0.800', '0.400', '0', '0.400', '0.800', '0.400', '0', '0.400', '0.800'].map((text) =>
          text === '0' ? expect.stringMatching(/^−?0$|e−/) : text,
        ),
      );
      const colour = (i: number) =>
        cells.nth(i).evaluate((e) => (e as unknown as { style: { backgroundColor: string } }).style.backgroundColor);
      expect(await colour(0)).toBe(await colour(4));
      expect(await colour(0)).not.toBe(await colour(1));
      await cells.nth(1).press('Enter');
      expect(await page.locator('#attack').inputValue()).toBe('nudge@srd-apop');
      expect(await page.locator('#ranking caption').textContent()).toBe('toy on scenes, nudge@srd-apop');
      expect(await page.locator('#samples .tall th[aria-sort=descending]').textContent()).toBe('gradcam');
      expect(await page.locator('#transfer [aria-pressed=true]').count()).toBe(1);
      await page.locator('#to-samples').click();
      expect(await page.evaluate('document.activeElement.id')).toBe('samples-title');
      await page.locator('#transfer-of').selectOption({ index: 1 });
      expect(await cells.first().locator('.value').textContent()).toBe('0.200');
      const missing = page.locator('li', { hasText: 'of scenes' });
      expect(await missing.allTextContents()).toEqual([
        's7 of scenes was skipped: no picture',
        `${nasty} of scenes, 2 units with toy, was set aside: its worker died; the same command tries it again`,
      ]);
    });

    it('restores a whole view from its address', async () => {
      await open('#attack=pgd-linf&hide=srd-apop&sort=attack%3Alinf&order=reversed&by=undefined&direction=descending');
      expect(await page.locator('#ranking caption').textContent()).toBe('toy on scenes, pgd-linf');
      expect(await names()).not.toContain('srd-apop');
      expect(await page.locator('#ranking th[aria-sort=ascending]').textContent()).toContain('attack:linf');
      expect(await page.locator('#samples .tall th[aria-sort=descending]').textContent()).toBe('Undefined values');
    });

    it('goes dark with the reader and fits a phone', async () => {
      await open();
      const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(await ground()).toBe('rgb(255, 255, 255)');
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await ground()).toBe('rgb(25, 26, 27)');
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    });
  },
);
