import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { baseline, baselineImage } from '../../src/numeric/baseline.ts';
import { deletion } from '../../metrics/deletion.ts';
import { insertion } from '../../metrics/insertion.ts';
import { gaussianBlur } from '../../src/numeric/blur.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { logitsOf, randomTensor, scoreOf, valueOf } from './toy.ts';

const probability = (image: Tensor, target: number) => {
  const exponentials = logitsOf(image).map(Math.exp);
  return exponentials[target] / exponentials.reduce((s, e) => s + e, 0);
};

/** Builds every picture anew from the sorted list of pixels and adds up the trapezoids over the pixels changed. */
function naive(values: readonly number[], from: Tensor, to: Tensor, steps: number, target: number) {
  const pixels = values.length;
  const order = [...values.keys()].sort((i, j) => values[j] - values[i]);
  const counts = Array.from({ length: steps + 1 }, (_, s) => Math.floor((s * pixels) / steps));
  const y = counts.map((count) => {
    const picture = tensor(from.shape, from.data.slice());
    for (const p of order.slice(0, count))
      for (const c of [0, 1, 2]) picture.data[c * pixels + p] = to.data[c * pixels + p];
    return probability(picture, target);
  });
  const x = counts.map((count) => count / pixels);
  const area = x.slice(1).reduce((s, xi, i) => s + ((xi - x[i]) * (y[i] + y[i + 1])) / 2, 0);
  return { x, y, area };
}

describe.each([deletion, insertion])('$name', (metric) => {
  it('equals the naive computation at any size, number of steps and baseline', async () => {
    const cases = fc.record({
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      channels: fc.constantFrom(1, 3),
      steps: fc.integer({ min: 1, max: 90 }),
      choice: fc.constantFrom<z.infer<typeof baseline>>('mean', 'black', 'blur', [0.1, 0.5, 0.9]),
      target: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ height, width, channels, steps, choice, target }) => {
        const image = randomTensor([3, height, width], 'image');
        const attribution = randomTensor([channels, height, width], 'attribution', -1, 1);
        const pixels = height * width;
        const values = Array.from({ length: pixels }, (_, p) =>
          Array.from({ length: channels }, (_, c) => attribution.data[c * pixels + p]).reduce((s, v) => s + v, 0),
        );
        const other = baselineImage(image, choice);
        const [from, to] = metric.name === 'deletion' ? [image, other] : [other, image];
        const expected = naive(values, from, to, Math.min(steps, pixels), target);
        const outcome = await scoreOf(metric, attribution, { image, target, options: { steps, baseline: choice } });
        expect(valueOf(outcome)).toBeCloseTo(expected.area, 6);
        const curve = 'curve' in outcome ? outcome.curve! : { x: [], y: [] };
        expect(curve.x).toEqual(expected.x);
        curve.y.forEach((y, i) => expect(y).toBeCloseTo(expected.y[i], 6));
      }),
      { numRuns: 40 },
    );
  });

  it('asks for a few pictures at a time and for every picture once', async () => {
    const sizes: number[] = [];
    const attribution = randomTensor([1, 10, 10], 'attribution');
    const predict = async (images: Tensor) => {
      sizes.push(images.shape[0]);
      return tensor([images.shape[0], 2]);
    };
    const outcome = await scoreOf(metric, attribution, { predict, options: { steps: 70 } });
    expect(sizes).toEqual([32, 32, 7]);
    expect(valueOf(outcome)).toBeCloseTo(0.5, 14);
  });

  it('breaks ties by the seed', async () => {
    const constant = tensor([1, 6, 6]);
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => scoreOf(metric, constant, { seed })));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it('passes every other error on', async () => {
    const predict = () => Promise.reject(new Error('out of memory'));
    await expect(scoreOf(metric, randomTensor([1, 4, 4], 'attribution'), { predict })).rejects.toThrow('out of memory');
  });
});

describe('by hand', () => {
  // Two pixels of one row; the logit of class 0 is ln 3 times the first pixel's red, that of class 1 is 0.
  const image = tensor([3, 1, 2], [1, 0, 0, 0, 0, 0]);
  const predict = async (images: Tensor) => {
    const n = images.shape[0];
    return tensor([n, 2], Array.from({ length: n }, (_, i) => [Math.log(3) * images.data[6 * i], 0]).flat());
  };
  const right = tensor([1, 1, 2], [2, 1]);
  const wrong = tensor([1, 1, 2], [1, 2]);
  const options = { baseline: 'black' };

  it('gives deletion its area', async () => {
    // The right pixel first: p = 3/4, 1/2, 1/2. The wrong one first: 3/4, 3/4, 1/2.
    const area = async (attribution: Tensor) =>
      valueOf(await scoreOf(deletion, attribution, { image, predict, target: 0, options }));
    expect(await area(right)).toBeCloseTo(0.5 * (0.625 + 0.5), 6);
    expect(await area(wrong)).toBeCloseTo(0.5 * (0.75 + 0.625), 6);
  });

  it('gives insertion its area', async () => {
    // The right pixel first: 1/2, 3/4, 3/4. The wrong one first: 1/2, 1/2, 3/4.
    const area = async (attribution: Tensor) =>
      valueOf(await scoreOf(insertion, attribution, { image, predict, target: 0, options }));
    expect(await area(right)).toBeCloseTo(0.5 * (0.625 + 0.75), 6);
    expect(await area(wrong)).toBeCloseTo(0.5 * (0.5 + 0.625), 6);
  });
});

describe('baselines', () => {
  const image = tensor([3, 1, 2], [0, 1, 0.5, 0.5, 0.25, 0.75]);
  it.each<[string, z.infer<typeof baseline>, number[]]>([
    ['mean colour', 'mean', [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
    ['black', 'black', [0, 0, 0, 0, 0, 0]],
    ['a colour', [0.125, 0.25, 1], [0.125, 0.125, 0.25, 0.25, 1, 1]],
  ])('%s', (_, choice, expected) => {
    expect([...baselineImage(image, choice).data]).toEqual(expected);
  });

  it('blur as RISE does', () => {
    expect(baselineImage(image, 'blur')).toEqual(gaussianBlur(image, 11, 5));
  });

  it('take no colour outside [0,1]', () => {
    expect(baseline.safeParse([0, 0, 1.5]).success).toBe(false);
  });
});
