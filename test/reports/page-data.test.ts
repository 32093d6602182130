import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mapScale } from '../../reports/map-scale.ts';
import { fromColumns, toColumns } from '../../reports/page/columns.ts';
import { createChunks } from '../../reports/page/chunks.ts';
import { markOf, sortedBy, standingOf } from '../../reports/page/client/ranking.ts';
import { samplesNeeded } from '../../reports/samples-needed.ts';
import { packMap } from '../../reports/page/figure.ts';
import { inlineJson } from '../../reports/page/json.ts';
import { writeReports } from '../../reports/index.ts';
import { comparePairs } from '../../reports/pairwise.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import { bump, metrics, row, sampleRows } from './samples.ts';

describe('columns', () => {
  it('give back strings, nulls, infinities, and numbers to float32', () => {
    const number = fc.oneof(fc.constant(null), fc.double({ noNaN: true }));
    const item = fc.record({ name: fc.string(), value: number });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const again = fromColumns<(typeof items)[number]>(
          JSON.parse(JSON.stringify(toColumns(items, ['name', 'value']))) as ReturnType<typeof toColumns>,
        );
        expect(again.map(({ name }) => name)).toEqual(items.map(({ name }) => name));
        again.forEach(({ value }, i) => {
          const wanted = items[i].value;
          if (wanted === null || !Number.isFinite(wanted)) expect(value).toBe(wanted);
          else expect(Math.abs(value! - wanted)).toBeLessThanOrEqual(1e-6 * Math.abs(wanted));
        });
      }),
    );
  });
});

describe('packed maps', () => {
  it('keep values to half a step of the scale, clip what is beyond, and mark NaN', () => {
    const map = bump(16, 0.6, 0.4, true);
    map.values[3] = NaN;
    map.values[200] = -50;
    const scale = mapScale([map]);
    const { packed, limit } = packMap(map, scale);
    const bytes = new Int8Array(new Uint8Array(inflateRawSync(Buffer.from(packed, 'base64'))).buffer);
    map.values.forEach((v, p) => {
      if (Number.isNaN(v)) expect(bytes[p]).toBe(-128);
      else
        expect(Math.abs((bytes[p] / 127) * limit - Math.max(-limit, Math.min(limit, v)))).toBeLessThanOrEqual(
          limit / 253,
        );
    });
  });
});

describe('chunks', () => {
  it('go beside the page where it has no room', async () => {
    const files = new Map<string, string>();
    const chunks = createChunks(async (path, content) => void files.set(path, String(content)), 20);
    await chunks.add('a', { v: '<b>' });
    await chunks.add('b', { v: '</script>' });
    expect([...chunks.inline]).toEqual([['a', '{"v":"\\u003cb>"}']]);
    expect([...files]).toEqual([['report/b.js', 'reportChunk("b", {"v":"\\u003c/script>"});\n']]);
  });

  it('hold no end of a script', () => {
    expect(inlineJson(['</script><!--'])).not.toMatch('<');
  });
});

describe('the ranking', () => {
  const pair = (explainer: string, other: string, verdict: 'better' | 'worse' | 'not shown') => ({
    model: 'm',
    dataset: 'd',
    attack: 'none',
    metric: 'x',
    explainer,
    other,
    verdict,
  });

  it('marks who is better than all, or than most and worse than none', () => {
    const pairs = [
      pair('a', 'b', 'better'),
      pair('a', 'c', 'better'),
      pair('a', 'd', 'better'),
      pair('b', 'c', 'better'),
      pair('b', 'd', 'better'),
      pair('c', 'd', 'not shown'),
    ];
    expect(markOf(standingOf('a', pairs))).toBe('all');
    // Better than two of three, but worse than one.
    expect(standingOf('b', pairs)).toEqual({ better: 2, worse: 1, others: 3 });
    expect(markOf(standingOf('b', pairs))).toBeUndefined();
    expect(markOf({ better: 2, worse: 0, others: 3 })).toBe('most');
    expect(markOf({ better: 1, worse: 0, others: 2 })).toBeUndefined();
    expect(markOf(standingOf('a', []))).toBeUndefined();
  });

  it.each([2, 3, 7])('knows how many samples %d explainers need for a mark', (k) => {
    const names = Array.from({ length: k }, (_, e) => `e${e}`);
    const markWith = (samples: number) => {
      const rows = names.flatMap((explainer, e) =>
        Array.from({ length: samples }, (_, s) =>
          row({ explainer, sample: `s${s}`, metric: 'deletion-auc', value: e + 0.01 * s * e }),
        ),
      );
      return markOf(standingOf('e0', comparePairs(cellsOf(rows), metrics, 0)));
    };
    const needed = samplesNeeded((k * (k - 1)) / 2);
    expect(markWith(needed)).toBe('all');
    expect(markWith(needed - 1)).toBeUndefined();
  });

  it('sorts the better first and what has no value last', () => {
    const values: Record<string, number | null> = { a: 1, b: null, c: 3, d: 2 };
    const order = (better: 'higher' | 'lower', reversed: boolean) =>
      sortedBy(Object.keys(values), (e) => values[e], better, reversed).join('');
    expect(order('higher', false)).toBe('cdab');
    expect(order('higher', true)).toBe('adcb');
    expect(order('lower', false)).toBe('adcb');
  });
});

describe('report.html', () => {
  let out: string;
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), 'page-'));
  });
  afterEach(() => rm(out, { recursive: true }));

  it('holds names of users as text only', async () => {
    const rows = sampleRows().map((row) => ({ ...row, model: '</script><script>alert(1)</script>' }));
    await writeReports({ rows, seed: 0, metrics, out });
    const page = await readFile(join(out, 'report.html'), 'utf8');
    expect(page).not.toContain('alert(1)</script>');
    expect(page).toContain('\\u003c/script>\\u003cscript>alert(1)');
    expect(page.match(/<script>/g)).toHaveLength(1);
  });
});
