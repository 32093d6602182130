import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMetric, metrics } from '../../metrics/index.ts';
import type { MapMetric, Metric, SimilarityMetric } from '../../metrics/metric.ts';
import { heatmapStep } from '../../src/numeric/heatmap.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { randomTensor, scoreOf, similarityOf, valueOf } from './toy.ts';

const isMap = (metric: Metric): metric is MapMetric => metric.kind === 'map';
const isSimilarity = (metric: Metric): metric is SimilarityMetric => metric.kind === 'similarity';
const mapMetrics = metrics.filter(isMap);
const similarities = metrics.filter(isSimilarity);

// Not square; at least 11 pixels a side for SSIM.
const [height, width] = [12, 15];
const pixels = height * width;
const mask = Uint8Array.from({ length: pixels }, (_, p) => (p % width < 5 ? 1 : 0));
const attribution = randomTensor([3, height, width], 'attribution', -1, 1);
const other = randomTensor([3, height, width], 'other', -1, 1);
const filled = (value: number) => tensor([1, height, width], new Float32Array(pixels).fill(value));
const scaled = (t: Tensor, k: number) => ({
  ...t,
  data: t.data.map((v) => k * v),
});

const anyMap = fc
  .tuple(
    fc.constantFrom(1, 3),
    fc.integer({ min: 11, max: 14 }),
    fc.integer({ min: 11, max: 14 }),
    fc.string(),
    fc.nat(40),
  )
  .map(([c, h, w, key, levels]) => {
    const map = randomTensor([c, h, w], key, -1, 1);
    // Few levels make many ties.
    return levels < 3 ? map : { ...map, data: map.data.map((v) => Math.round(v * levels) / 4) };
  });

const expectInRange = (metric: Metric, value: number) => {
  expect(value).toBeGreaterThanOrEqual(metric.range[0] - 1e-12);
  expect(value).toBeLessThanOrEqual(metric.range[1] + 1e-12);
};

describe('the registry', () => {
  it('names every metric once and finds it', () => {
    expect(new Set(metrics.map((m) => m.name)).size).toBe(metrics.length);
    for (const metric of metrics) expect(findMetric(metric.name)).toBe(metric);
    expect(findMetric('no-such-metric')).toBeUndefined();
  });

  it.each(metrics)('$name declares itself completely', (metric) => {
    expect(metric.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(heatmapStep.parse(metric.heatmap)).toEqual(metric.heatmap);
    expect(metric.range[0]).toBeLessThan(metric.range[1]);
    expect(() => metric.options.parse({})).not.toThrow();
    expect(() => metric.options.parse({ unheardOf: 1 })).toThrow();
  });

  it.each(metrics)('$name has a true row in docs/metrics.md', (metric) => {
    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith(`| \`${metric.name}\` `));
    const cells = row?.split('|').map((cell) => cell.trim());
    const { channels, sign, normalise } = metric.heatmap;
    const step = [channels, sign, normalise].filter((part) => part !== 'none').join(', ');
    const range = `[${metric.range[0]}, ${metric.range[1] === Infinity ? '∞)' : `${metric.range[1]}]`}`;
    expect(cells?.slice(4, 7)).toEqual([step, metric.better, range]);
  });
});

describe.each(mapMetrics)('$name', (metric) => {
  it('stays in its range on any map, tied, signed, square or not', async () => {
    const run = async (map: Tensor) => {
      const [, h, w] = map.shape;
      const region = Uint8Array.from({ length: h * w }, (_, p) => (p % 3 === 0 ? 1 : 0));
      const outcome = await scoreOf(metric, map, { mask: region });
      if ('value' in outcome) expectInRange(metric, outcome.value);
      else expect(map.data.some((v) => v > 0)).toBe(false);
    };
    await fc.assert(fc.asyncProperty(anyMap, run), { numRuns: 30 });
  });

  it('does not depend on the scale of the attribution', async () => {
    const one = valueOf(await scoreOf(metric, attribution, { mask }));
    for (const k of [1e-6, 7, 1e6]) {
      const many = valueOf(await scoreOf(metric, scaled(attribution, k), { mask }));
      expect(many).toBeCloseTo(one, 5);
    }
  });

  it('gives the same value for the same seed', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => scoreOf(metric, filled(1), { mask, seed: 5 })));
    expect(a).toEqual(b);
  });

  it.each([NaN, Infinity, -Infinity])('says where the map holds %d', async (bad) => {
    const broken = { ...attribution, data: attribution.data.slice() };
    broken.data[pixels + 2 * width + 3] = bad;
    expect(await scoreOf(metric, broken, { mask })).toEqual({ reason: `the map holds ${bad} at [1,2,3]` });
  });

  it('refuses a map of another size than the picture', async () => {
    const image = randomTensor([3, height, width + 1], 'image');
    await expect(scoreOf(metric, attribution, { mask, image })).rejects.toThrow('12x15 for a picture of 12x16');
  });
});

describe('a constant and a zero map', () => {
  const share = 1 / 3;
  const zeroRelevance = 'the map holds no relevance to share out';
  const noCorrelation = 'a correlation with a constant map has no value';
  it.each<[string, number | string | undefined, number | string | undefined]>([
    ['pointing-game', share, share],
    ['energy-pointing-game', share, zeroRelevance],
    ['attribution-localisation', share, zeroRelevance],
    ['weighted-localisation', 1, zeroRelevance],
    ['relevance-mass', share, zeroRelevance],
    ['relevance-rank', share, share],
    ['iou', share, 'the map holds no positive relevance to compare with the object'],
    ['pixel-roc-auc', 0.5, 0.5],
    ['pixel-average-precision', share, share],
    ['sparseness', 0, 'the map is zero everywhere'],
    ['complexity', Math.log(pixels), 'the map is zero everywhere'],
    ['effective-complexity', 1, 'the map is zero everywhere'],
    ['max-sensitivity', undefined, 'the attribution is zero everywhere: a change relative to it has no value'],
    ['avg-sensitivity', undefined, 'the attribution is zero everywhere: a change relative to it has no value'],
    ['local-lipschitz', 0, 'the map is zero everywhere'],
    ['ris', undefined, 'the attribution is zero everywhere: a change relative to it has no value'],
    ['rrs', undefined, 'the attribution is zero everywhere: a change relative to it has no value'],
    ['ros', undefined, 'the attribution is zero everywhere: a change relative to it has no value'],
    ['mprt', noCorrelation, noCorrelation],
    ['random-logit', 1, 'both maps are zero everywhere: SSIM has no data range'],
    ['deletion', undefined, undefined],
    ['insertion', undefined, undefined],
  ])('%s', async (name, onConstant, onZero) => {
    const metric = mapMetrics.find((m) => m.name === name)!;
    const constant = await scoreOf(metric, filled(2), { mask });
    const zero = await scoreOf(metric, filled(0), { mask });
    if (typeof onConstant === 'string') expect(constant).toEqual({ reason: onConstant });
    else if (onConstant !== undefined) expect(valueOf(constant)).toBeCloseTo(onConstant, 12);
    if (typeof onZero === 'string') expect(zero).toEqual({ reason: onZero });
    // Where a zero map has a value, it is the value of any constant map.
    else expect(valueOf(zero)).toBeCloseTo(valueOf(constant), 12);
  });

  it('covers every metric of one map', () => {
    expect(mapMetrics).toHaveLength(22);
  });
});

describe.each(mapMetrics.filter((m) => m.needs.length > 0))('the object of $name', (metric) => {
  it('must be known', async () => {
    expect(await scoreOf(metric, attribution)).toEqual({ reason: 'the sample has no mask or box' });
  });

  it('must not be empty', async () => {
    const reason = (what: string) => ({ reason: `the object's ${what} is empty` });
    expect(await scoreOf(metric, attribution, { mask: new Uint8Array(pixels) })).toEqual(reason('mask'));
    const outside = { x0: width, y0: 0, x1: width + 4, y1: 4 };
    expect(await scoreOf(metric, attribution, { box: outside })).toEqual(reason('box'));
  });

  it('may be everything: all hits, or nothing to tell it from', async () => {
    const outcome = await scoreOf(metric, attribution, { mask: mask.map(() => 255) });
    if (metric.name === 'pixel-roc-auc') expect(outcome).toHaveProperty('reason', expect.stringContaining('fills'));
    // Of everything, IoU finds what lies above its threshold.
    else if (metric.name === 'iou') expect(valueOf(outcome)).toBeLessThan(1);
    else expect(valueOf(outcome)).toBeCloseTo(1, 12);
  });

  it('is the mask where there is one, else the filled box cut at the border', async () => {
    const box = { x0: -3, y0: -1, x1: 5, y1: height + 9 };
    const byBox = await scoreOf(metric, attribution, { box });
    expect(await scoreOf(metric, attribution, { mask })).toEqual(byBox);
    // Only the energy pointing game plays with boxes.
    const [first, second] = metric.name === 'energy-pointing-game' ? [box, mask.map((v) => 1 - v)] : [undefined, mask];
    const elsewhere = { x0: 9, y0: 9, x1: 10, y1: 10 };
    expect(await scoreOf(metric, attribution, { mask: second, box: first ?? elsewhere })).toEqual(byBox);
  });

  it('must have the size of the picture', async () => {
    await expect(scoreOf(metric, attribution, { mask: new Uint8Array(7) })).rejects.toThrow('the mask has 7 values');
  });
});

describe.each(similarities)('$name', (metric) => {
  it('is symmetric and in its range on any pair of maps', async () => {
    const run = async (a: Tensor, salt: string) => {
      const b = randomTensor(a.shape, salt, -1, 1);
      const there = await similarityOf(metric, a, b);
      const back = await similarityOf(metric, b, a);
      if ('value' in there) {
        expectInRange(metric, there.value);
        expect(valueOf(back)).toBeCloseTo(there.value, 12);
      } else expect(new Set(a.data).size).toBe(1);
    };
    await fc.assert(fc.asyncProperty(anyMap, fc.string(), run), { numRuns: 30 });
  });

  it('is best for a map and itself, whatever the scale', async () => {
    const best = metric.better === 'higher' ? 1 : 0;
    expect(valueOf(await similarityOf(metric, attribution, attribution))).toBeCloseTo(best, 10);
    expect(valueOf(await similarityOf(metric, attribution, scaled(attribution, 1e4)))).toBeCloseTo(best, 6);
  });

  it('does not depend on the scale of either map', async () => {
    const one = valueOf(await similarityOf(metric, attribution, other));
    expect(valueOf(await similarityOf(metric, scaled(attribution, 1e-5), scaled(other, 300)))).toBeCloseTo(one, 5);
  });

  it.each([NaN, Infinity])('says which map holds %d', async (bad) => {
    const broken = { ...filled(1), data: filled(1).data.slice() };
    broken.data[width] = bad;
    const good = await similarityOf(metric, attribution, broken);
    expect(good).toHaveProperty(
      'reason',
      expect.stringMatching(/^the second map holds (NaN|Infinity) at \[\d+,\d+\]$/),
    );
  });

  it('refuses maps of two sizes', async () => {
    await expect(similarityOf(metric, attribution, randomTensor([1, 12, 12], 'small'))).rejects.toThrow(RangeError);
  });
});
