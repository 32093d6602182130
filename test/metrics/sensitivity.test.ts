import { describe, expect, it } from 'vitest';
import { avgSensitivity } from '../../metrics/avg-sensitivity.ts';
import { maxSensitivity } from '../../metrics/max-sensitivity.ts';
import { stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { randomTensor, scoreOf, valueOf } from './toy.ts';

const shape = [3, 4, 5];
const attribution = randomTensor(shape, 'attribution', -1, 1);

/** Gives neighbour i the attribution times 1 + factors[i]: a relative change of |factors[i]|. */
const explainer = (factors: readonly number[]) => {
  let next = 0;
  return async (images: Tensor) =>
    stack(
      Array.from({ length: images.shape[0] }, () => {
        const factor = 1 + factors[next++];
        return tensor(
          shape,
          attribution.data.map((v) => v * factor),
        );
      }),
    );
};

it('takes the largest and the mean of the relative changes', async () => {
  const factors = [0.25, -1, 0.5, 0];
  const score = (metric: typeof maxSensitivity) =>
    scoreOf(metric, attribution, { explain: explainer(factors), options: { samples: 4 } });
  expect(valueOf(await score(maxSensitivity))).toBeCloseTo(1, 6);
  expect(valueOf(await score(avgSensitivity))).toBeCloseTo(1.75 / 4, 6);
});

describe('the neighbours', () => {
  const seen = async (image: Tensor, options: object) => {
    const batches: Tensor[] = [];
    const explain = async (images: Tensor) => {
      batches.push({ ...images, data: images.data.slice() });
      return stack(Array.from({ length: images.shape[0] }, () => attribution));
    };
    const outcome = await scoreOf(maxSensitivity, attribution, { image, explain, options });
    expect(outcome).toEqual({ value: 0 });
    return batches;
  };

  it('are ten, within 0.02, spread evenly, each on its own', async () => {
    const image = tensor(shape, new Float32Array(60).fill(0.5));
    const [batch, ...more] = await seen(image, {});
    expect([batch.shape, more]).toEqual([[10, ...shape], []]);
    const moves = Array.from(batch.data, (v) => v - 0.5);
    expect(Math.max(...moves.map(Math.abs))).toBeLessThanOrEqual(0.02 + 1e-7);
    expect(Math.max(...moves)).toBeGreaterThan(0.019);
    expect(Math.min(...moves)).toBeLessThan(-0.019);
    expect(Math.abs(moves.reduce((s, v) => s + v, 0) / moves.length)).toBeLessThan(0.002);
    expect(new Set(moves).size).toBeGreaterThan(590);
  });

  it('stay within [0,1]', async () => {
    const image = tensor(
      shape,
      Float32Array.from({ length: 60 }, (_, i) => i % 2),
    );
    const [batch] = await seen(image, { radius: 0.5 });
    expect(Math.min(...batch.data)).toBe(0);
    expect(Math.max(...batch.data)).toBe(1);
  });

  it('come in batches', async () => {
    const batches = await seen(randomTensor(shape, 'image'), { samples: 40 });
    expect(batches.map((b) => b.shape[0])).toEqual([32, 8]);
  });
});

it.each([maxSensitivity, avgSensitivity])(
  '$name gives a reason when a neighbour has no finite attribution',
  async (metric) => {
    const explain = explainer([NaN, ...Array<number>(9).fill(0)]);
    const outcome = await scoreOf(metric, attribution, { explain });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('came out as NaN'));
  },
);
