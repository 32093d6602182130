import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMetric, metrics } from '../../metrics/index.ts';
import type { Metric, SimilarityMetric } from '../../metrics/metric.ts';
import { heatmapStep } from '../../src/numeric/heatmap.ts';
import type { Tensor } from '../../src/numeric/tensor.ts';
import { anyMap, attribution, expectInRange, filled, other, scaled, width } from './maps.ts';
import { randomTensor, similarityOf, valueOf } from './toy.ts';

const isSimilarity = (metric: Metric): metric is SimilarityMetric => metric.kind === 'similarity';
const similarities = metrics.filter(isSimilarity);

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
    const row = page.split('\n').find((line) => line.startsWith(`| \`${metric.name}\` `))!;
    const cells = row.split('|').map((cell) => cell.trim());
    const { channels, sign, normalise } = metric.heatmap;
    const step = [channels, sign, normalise].filter((part) => part !== 'none').join(', ');
    const range = `[${metric.range[0]}, ${metric.range[1] === Infinity ? '∞)' : `${metric.range[1]}]`}`;
    expect(cells.slice(4, 7)).toEqual([step, metric.better, range]);
    // Options with their defaults: `steps` (224), `baseline` (`mean` ...), `percentages` (10 … 90).
    const defaults = metric.options.parse({}) as Record<string, unknown>;
    for (const [, option, said] of cells[8].matchAll(/`(\w+)` \(([^)]*)\)/g)) {
      const value = defaults[option];
      if (Array.isArray(value))
        expect(said).toBe(said.includes('…') ? `${value[0]} … ${value.at(-1)}` : value.join(', '));
      else expect(/[\w.-]+/.exec(said)![0]).toBe(String(value).replace('0.00001', '1e-5'));
    }
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
