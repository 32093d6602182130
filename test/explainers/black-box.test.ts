import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { centreGaussian } from '../../src/explainers/centre-gaussian.ts';
import { constant } from '../../src/explainers/constant.ts';
import { kernelShap } from '../../src/explainers/kernel-shap.ts';
import { lime, limeFit } from '../../src/explainers/lime.ts';
import { occlusion } from '../../src/explainers/occlusion.ts';
import { rise } from '../../src/explainers/rise.ts';
import { gridSegments } from '../../src/explainers/superpixels/segmentation.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { softmaxAt } from '../../src/numeric/softmax.ts';
import { at, stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { explainBy, predictBy, randomPicture, type Predict } from './toy-predict.ts';

/** What Captum computes in float64, made by test/fixtures/blackbox_reference.py. */
interface Fixture {
  readonly size: [number, number];
  readonly target: number;
  readonly weights: { shape: number[]; data: number[] }[];
  readonly image: number[];
  readonly logits: number[];
  readonly occlusion: { window: number; stride: number; baseline: string; map: number[] }[];
  readonly segments: number[];
  readonly shapley: number[];
  readonly kernelShap: number[];
  readonly limeSamples: number[][];
  readonly lime: number[];
}
const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/blackbox_reference.json', import.meta.url), 'utf8'),
) as Fixture;
const { target } = fixture;
const image = tensor([3, ...fixture.size], fixture.image);

function fixtureNet(): Predict {
  const [w1, b1, w2, b2, w3, b3] = fixture.weights.map(({ shape, data }) => g.constant(Float64Array.from(data), shape));
  const pixels = g.input('pixels', ['N', 3, ...fixture.size]);
  const features = g.relu(g.conv(g.relu(g.conv(pixels, w1, b1, { strides: [2, 2] })), w2, b2));
  const logits = g.dense(g.reshape(features, ['N', 30]), g.transpose(w3, [1, 0]), b3);
  const program = createReferenceEngine().compile({ logits });
  return async (images) => (await program.run({ pixels: images })).logits;
}
const predict = fixtureNet();
const shown = { predict, image, target };

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const largest = Math.max(...Array.from(expected, Math.abs));
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - expected[i])).toBeLessThan(tolerance * largest);
}

const bySegment = (map: Tensor, labels: ArrayLike<number>, count: number) =>
  Array.from({ length: count }, (_, k) => map.data[Array.from(labels).indexOf(k)]);

describe('Captum', () => {
  it('has the same net', async () => {
    expectClose((await predict(stack([image]))).data, fixture.logits, 1e-6);
  });

  it.each(fixture.occlusion)('occlusion, window $window, stride $stride, $baseline', async ({ map, ...options }) => {
    expectClose((await explainBy(occlusion, options, shown)).data, map, 1e-5);
  });

  it('exact Shapley values, and KernelSHAP up to its sampling error', async () => {
    const map = await explainBy(kernelShap, { segments: 'grid', count: 6, samples: 64 }, shown);
    expect(gridSegments(fixture.size, 6).labels).toEqual(Int32Array.from(fixture.segments));
    const values = bySegment(map, fixture.segments, 6);
    expectClose(values, fixture.shapley, 1e-5);
    // Captum draws 20,000 coalitions and holds the two ends by a large weight.
    expectClose(values, fixture.kernelShap, 5e-3);
  });

  it('LIME on the same samples', async () => {
    const samples = fixture.limeSamples.map((row) => Uint8Array.from(row));
    const mean = [0, 1, 2].map((c) => at(image, c).data.reduce((s, v) => s + v, 0) / 120);
    const pictures = samples.map((z) => ({
      shape: image.shape,
      data: image.data.map((v, i) => (z[fixture.segments[i % 120]] ? v : mean[Math.floor(i / 120)])),
    }));
    const logits = await predict(stack(pictures));
    const scores = Float64Array.from(samples, (_, i) => at(logits, i).data[target]);
    expectClose(limeFit(samples, scores, 0.25), fixture.lime, 1e-5);
  });
});

describe('an additive model', () => {
  const picture = randomPicture(1, 12, 16);
  const slopes = randomPicture(2, 12, 16).data.map((v) => v - 0.5);
  const additive = { image: picture, predict: predictBy((x) => x.reduce((s, v, i) => s + slopes[i] * v, 0)) };
  const { labels, count } = gridSegments([12, 16], 12);
  const truth = new Float64Array(count);
  picture.data.forEach((v, i) => (truth[labels[i % 192]] += slopes[i] * v));
  const grid = { segments: 'grid', count: 12, baseline: 'black' };
  const close = (map: Tensor, tolerance: number) => expectClose(bySegment(map, labels, count), truth, tolerance);

  it('is recovered by occlusion with windows side by side', async () => {
    const options = { window: 4, stride: 4, baseline: 'black' };
    close(await explainBy(occlusion, options, additive), 1e-5);
  });
  it('is recovered by KernelSHAP from few samples', async () => {
    close(await explainBy(kernelShap, { ...grid, samples: 80 }, additive), 1e-5);
  });
  it('is recovered by LIME up to the pull of its ridge', async () => {
    close(await explainBy(lime, { ...grid, samples: 4000 }, additive), 5e-3);
  });
});

describe('KernelSHAP', () => {
  const picture = randomPicture(3, 8, 16);
  const { labels, count } = gridSegments([8, 16], 8);
  /** Interactions of all orders. */
  const predictTangled = predictBy((x) => {
    const sums = new Float64Array(8);
    x.forEach((v, i) => (sums[labels[i % 128]] += v / 24));
    return (
      3 * Math.sin(4 * sums[0] * sums[1] + sums[2]) + sums.reduce((p, v) => p * (1 + v), 1) - 5 * sums[6] * sums[7]
    );
  });
  const options = { segments: 'grid', count: 8, baseline: 'black' };

  it('is exact by enumeration: brute force over all orders of joining', async () => {
    const map = await explainBy(kernelShap, { ...options, samples: 256 }, { image: picture, predict: predictTangled });
    const shownBy = (set: number) => picture.data.map((v, i) => ((set >> labels[i % 128]) & 1 ? v : 0));
    const logits = await predictTangled(
      stack(Array.from({ length: 256 }, (_, set) => ({ shape: picture.shape, data: shownBy(set) }))),
    );
    const worth = (set: number) => at(logits, set).data[1];
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
    const members = (set: number) => set.toString(2).replaceAll('0', '').length;
    const shapley = Array.from({ length: count }, (_, player) => {
      let value = 0;
      for (let set = 0; set < 256; set++) {
        if ((set >> player) & 1) continue;
        const share = (factorial(members(set)) * factorial(7 - members(set))) / factorial(8);
        value += share * (worth(set | (1 << player)) - worth(set));
      }
      return value;
    });
    expectClose(bySegment(map, labels, count), shapley, 1e-5);
  });

  it('from drawn coalitions: each time the values sum to what there is to share, and on average they are the exact ones', async () => {
    const run = async (samples: number, seed = 0) => {
      const given = { image: picture, predict: predictTangled, seed };
      return bySegment(await explainBy(kernelShap, { ...options, samples }, given), labels, count);
    };
    const exact = await run(256);
    const total = exact.reduce((s, v) => s + v, 0);
    const mean = new Float64Array(count);
    for (let seed = 0; seed < 40; seed++) {
      const drawn = await run(200, seed);
      expect(drawn.reduce((s, v) => s + v, 0)).toBeCloseTo(total, 4);
      drawn.forEach((v, k) => (mean[k] += v / 40));
    }
    expectClose(mean, exact, 0.05);
  });

  it('gives all to a single segment, and says when samples are too few', async () => {
    const base = { image: picture, predict: predictTangled };
    const logits = await predictTangled(stack([picture, tensor(picture.shape)]));
    const map = await explainBy(kernelShap, { ...options, count: 1 }, base);
    expect(map.data[0]).toBeCloseTo(logits.data[1] - logits.data[3], 4);
    await expect(explainBy(kernelShap, { ...options, samples: 10 }, base)).rejects.toThrow(/raise "samples"/);
  });
});

describe('RISE', () => {
  it('is the naive sum over the same masks', async () => {
    const [height, width, cells, masks, p] = [11, 9, 4, 37, 0.3];
    const picture = randomPicture(4, height, width);
    const predictAny = predictBy((x) => Math.sin(x.reduce((s, v, i) => s + v * ((i % 7) - 3), 0)));
    const map = await explainBy(
      rise,
      { masks, grid: cells, p, baseline: [0.2, 0.4, 0.6] },
      { image: picture, predict: predictAny },
    );

    const rng = createRng(0);
    const expected = new Float64Array(height * width);
    for (let i = 0; i < masks; i++) {
      const grid = Array.from({ length: cells * cells }, () => Number(rng.uniform() < p));
      const [down, across] = [Math.ceil(height / cells), Math.ceil(width / cells)];
      const [top, left] = [rng.integer(down), rng.integer(across)];
      const value = (y: number, x: number) => {
        const place = (i: number, cell: number) => ((i + 0.5) * cells) / ((cells + 1) * cell) - 0.5;
        const [v, u] = [place(y + top, down), place(x + left, across)];
        const cell = (r: number, c: number) =>
          grid[Math.min(Math.max(r, 0), cells - 1) * cells + Math.min(Math.max(c, 0), cells - 1)];
        const [r, c] = [Math.floor(v), Math.floor(u)];
        const [a, b] = [v - r, u - c];
        return (
          (1 - a) * ((1 - b) * cell(r, c) + b * cell(r, c + 1)) +
          a * ((1 - b) * cell(r + 1, c) + b * cell(r + 1, c + 1))
        );
      };
      const mask = Array.from({ length: height * width }, (_, q) => value(Math.floor(q / width), q % width));
      const base = [0.2, 0.4, 0.6];
      const masked = picture.data.map((v, k) => {
        const [m, b] = [mask[k % mask.length], base[Math.floor(k / mask.length)]];
        return m * v + (1 - m) * b;
      });
      const { data } = await predictAny(stack([{ shape: picture.shape, data: masked }]));
      mask.forEach((m, q) => (expected[q] += (softmaxAt(data, 1) * m) / (masks * p)));
    }
    expectClose(map.data, expected, 1e-5);
  });

  it('gives a model that always says p a flat map around p, p times the mean mask over its expectation', async () => {
    const map = await explainBy(
      rise,
      { masks: 4000 },
      { image: randomPicture(5, 14, 14), predict: predictBy(() => Math.log(3)) },
    );
    for (const v of map.data) expect(Math.abs(v - 0.75)).toBeLessThan(0.05);
  });
});

const setups = [
  { name: 'occlusion', run: (o: Parameters<typeof explainBy>[2]) => explainBy(occlusion, {}, o) },
  { name: 'rise', run: (o: Parameters<typeof explainBy>[2]) => explainBy(rise, { masks: 70 }, o) },
  { name: 'kernel-shap', run: (o: Parameters<typeof explainBy>[2]) => explainBy(kernelShap, { samples: 202 }, o) },
  { name: 'lime', run: (o: Parameters<typeof explainBy>[2]) => explainBy(lime, { samples: 70 }, o) },
];

describe.each(setups)('$name', ({ name, run }) => {
  it('depends on the seed only, and not on how predictions are batched', async () => {
    const oneByOne: Predict = async (images) => {
      const rows: Tensor[] = [];
      for (let i = 0; i < images.shape[0]; i++) rows.push(at(await predict(stack([at(images, i)])), 0));
      return stack(rows);
    };
    const map = await run(shown);
    expect(map.shape).toEqual([1, ...fixture.size]);
    expect(await run({ ...shown, predict: oneByOne })).toEqual(map);
    const other = await run({ ...shown, seed: 1 });
    if (name === 'occlusion') expect(other).toEqual(map);
    else expect(other).not.toEqual(map);
  });

  it('never holds more than 32 pictures, and leaves the picture as it was', async () => {
    const before = image.data.slice();
    let most = 0;
    const watched: Predict = (images) => {
      most = Math.max(most, images.shape[0]);
      return predict(images);
    };
    await run({ ...shown, predict: watched });
    expect(most).toBe(32);
    expect(image.data).toEqual(before);
  });
});

describe('occlusion refuses', () => {
  it.each([
    [{ window: 11 }, /does not fit into a picture of 12x10/],
    [{ window: 2, stride: 3 }, /leaves gaps/],
  ])('%j', async (options, message) => {
    await expect(explainBy(occlusion, options, shown)).rejects.toThrow(message);
  });
});

describe('controls ask for no prediction', () => {
  const blind = { image, predict: () => Promise.reject(new Error('asked')) };
  it('constant is flat', async () => {
    expect((await explainBy(constant, {}, blind)).data).toEqual(new Float32Array(120).fill(1));
  });
  it('centre Gaussian falls off from the middle, by the given share of each side', async () => {
    const { data, shape } = await explainBy(centreGaussian, { sigma: 0.3 }, blind);
    expect(shape).toEqual([1, 12, 10]);
    const expected = (y: number, x: number) => Math.exp(-(((y - 5.5) / 3.6) ** 2 + ((x - 4.5) / 3) ** 2) / 2);
    data.forEach((v, p) => expect(v).toBeCloseTo(expected(Math.floor(p / 10), p % 10), 6));
  });
});
