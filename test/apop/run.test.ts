import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { summariseApop } from '../../reports/apop/index.ts';
import { apopChart, percent } from '../../reports/apop/chart.ts';
import type { ApopRow } from '../../reports/apop/row.ts';
import type { ApopConfig } from '../../src/apop/config.ts';
import { writeApopResults } from '../../src/apop/results.ts';
import { rankOf, runApop } from '../../src/apop/run.ts';
import { meanImage, noiseImage } from '../../src/apop/references.ts';
import { SampleError, type Dataset } from '../../src/data/dataset.ts';
import { makeSample } from '../../src/data/sample.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { temporaryFolder } from '../experiment/tiny.ts';
import { nets } from '../explainers/nets.ts';
import { expectGoldenDrawing } from '../reports/golden.ts';

const references = ['black', 'white', 'mean', 'noise'] as const;

/** Twenty random pictures, one of which cannot be read. */
const dataset: Dataset = {
  name: 'toy',
  provides: ['label'],
  ids: Array.from({ length: 20 }, (_, i) => `s${i}`),
  load(index) {
    if (index === 7) return Promise.reject(new SampleError('s7: broken'));
    const rng = createRng(index, 'sample');
    const image = tensor(
      [3, 6, 6],
      Float32Array.from({ length: 108 }, () => rng.uniform()),
    );
    return Promise.resolve(makeSample({ id: `s${index}`, image, label: index % 4 }));
  },
};
const model = nets.pooled(createRng(5));
const options = { references, pooling: 'own', seed: 0 } as const;

describe('runApop', () => {
  it('gives a row a sample and input, the same each time, and skips what cannot be read', async () => {
    const run = () => runApop(model, dataset, createReferenceEngine(), options);
    const { rows, skipped, finished } = await run();
    expect(finished).toBe(true);
    expect(skipped).toEqual([{ sample: 's7', reason: 's7: broken' }]);
    expect(rows.length).toBe(19 * 5);
    expect(rows.slice(0, 5).map(({ reference }) => reference)).toEqual(['picture', ...references]);
    for (const row of rows) {
      expect(row.rank === 1).toBe(row.prediction === row.label);
      if (row.reference === 'picture') expect(row.agrees).toBe(1);
    }
    expect((await run()).rows).toEqual(rows);
  });

  it('has noise that does not depend on the other samples, only on the seed', async () => {
    const of = async (data: Dataset, seed: number) => {
      const { rows } = await runApop(model, data, createReferenceEngine(), { ...options, references: ['noise'], seed });
      return rows.filter(({ reference }) => reference === 'noise');
    };
    const few = await of({ ...dataset, ids: dataset.ids.slice(0, 3) }, 0);
    expect((await of(dataset, 0)).slice(0, 3)).toEqual(few);
    expect(noiseImage(0, 'a', [6, 6]).data).not.toEqual(noiseImage(1, 'a', [6, 6]).data);
  });

  it.each([[['black'], 20] as const, [['black', 'mean'], 40] as const])(
    'counts its way with %j',
    async (names, total) => {
      const counted: number[][] = [];
      const onProgress = (p: { done: number; total: number }) => counted.push([p.done, p.total]);
      await runApop(model, dataset, createReferenceEngine(), { ...options, references: names, onProgress });
      expect(counted).toEqual(Array.from({ length: total }, (_, i) => [i + 1, total]));
    },
  );

  it('stops at a signal with the rows it has', async () => {
    const controller = new AbortController();
    const { rows, finished } = await runApop(model, dataset, createReferenceEngine(), {
      ...options,
      references: ['black'],
      signal: controller.signal,
      onProgress: ({ done }) => done === 17 && controller.abort(),
    });
    expect([rows.length, finished]).toEqual([32, false]);
  });

  it('refuses labels that are absent or unknown to the model', async () => {
    const with_ = (label?: number): Dataset => ({
      ...dataset,
      load: async (i) => ({ ...(await dataset.load(i)), label }),
    });
    const run = (data: Dataset) => runApop(model, data, createReferenceEngine(), options);
    await expect(run(with_())).rejects.toThrow(/s0 has no label/);
    await expect(run(with_(4))).rejects.toThrow(/label 4, but the model "pooled" has 4 classes/);
  });

  it('takes the mean picture pixel by pixel over what can be read', async () => {
    const mean = await meanImage(dataset, [6, 6], () => true);
    const loaded = await Promise.all([...dataset.ids.keys()].filter((i) => i !== 7).map((i) => dataset.load(i)));
    const expected = loaded.reduce((s, { image }) => s + image.data[50] / 19, 0);
    expect(mean.data[50]).toBeCloseTo(expected, 6);
  });
});

describe('ranks and shares', () => {
  it('puts equal logits in the order of their classes', () => {
    const logits = Float32Array.of(1, 3, 1, 3);
    expect([0, 1, 2, 3].map((label) => rankOf(logits, label))).toEqual([3, 1, 4, 2]);
  });

  const row = (i: number, reference: string, rank: number): ApopRow => ({
    ...{ sample: `s${i}`, label: i % 5 === 0 ? 1 : 0, reference, prediction: 0, rank, agrees: rank === 1 ? 1 : 0 },
  });
  const rows = Array.from({ length: 50 }, (_, i) => [
    row(i, 'picture', i < 45 ? 1 : 2),
    row(i, 'black', 1 + (i % 3)),
    row(i, 'mean', 1 + Math.floor(i / 5)),
  ]).flat();

  it('are counted by hand', () => {
    const summaries = summariseApop(rows, 10);
    const find = (reference: string, measure: string) =>
      summaries.find((s) => s.reference === reference && s.measure === measure);
    expect(find('picture', 'top1')).toMatchObject({ hits: 45, n: 50, share: 0.9, chance: 0.1, constant: 0.8 });
    expect(find('mean', 'top1')).toMatchObject({ hits: 5 });
    expect(find('mean', 'top5')).toMatchObject({ hits: 25, chance: 0.5, constant: 1 });
    // Wilson's interval of 17 of 50.
    expect(find('black', 'agreement')).toMatchObject({ hits: 17, constant: null });
    expect(find('black', 'agreement')!.low).toBeCloseTo(0.2244, 4);
    expect(find('black', 'agreement')!.high).toBeCloseTo(0.4785, 4);
  });

  it('are beside those of naming the most frequent labels, and of guessing', async () => {
    const labels = [6, 5, 4, 4, 0, 0, 2, 2, 1, 1, 3, 3, 3];
    const pictures = labels.map((label, i): ApopRow => ({ ...row(i, 'picture', 1), label }));
    const config = { dataset: { name: 'toy' }, seed: 0, tables: [], pooling: 'own' } as unknown as ApopConfig;
    const out = await temporaryFolder();
    await writeApopResults(config, [{ model: 'net', classes: 7, rows: pictures }], out);
    const rows: Record<string, string>[] = parse(await readFile(join(out, 'summary.csv'), 'utf8'), { columns: true });
    const mean = (explainer: string, metric: string) =>
      Number(rows.find((r) => r.explainer === explainer && r.metric === metric)!.mean);
    expect(mean('most-frequent', 'top1')).toBeCloseTo(3 / 13, 12);
    expect(mean('most-frequent', 'top5')).toBeCloseTo(11 / 13, 12);
    expect(mean('guessing', 'top1')).toBeCloseTo(1 / 7, 12);
    expect(mean('guessing', 'top5')).toBeCloseTo(5 / 7, 12);
  });

  it.each([
    [1, '100 %'],
    [0.9, '90 %'],
    [0.1234, '12.3 %'],
    [0.001, '0.1 %'],
    [0, '0 %'],
  ])('say %s as %s', (share, text) => expect(percent(share)).toBe(text));

  it('are drawn', () =>
    expectGoldenDrawing('apop', apopChart(summariseApop(rows, 10), 'toy on drawn rows, own pooling')));
});
