import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { averageDrop } from '../../metrics/average-drop.ts';
import { averageIncrease } from '../../metrics/average-increase.ts';
import { faithfulnessEstimate } from '../../metrics/faithfulness-estimate.ts';
import { impute } from '../../metrics/imputation.ts';
import { infidelity } from '../../metrics/infidelity.ts';
import type { MapMetric } from '../../metrics/metric.ts';
import { pixelFlipping } from '../../metrics/pixel-flipping.ts';
import { roadLerf } from '../../metrics/road-lerf.ts';
import { road } from '../../metrics/road.ts';
import { dropCorrelation } from '../../metrics/subsets.ts';
import { createRng } from '../../src/numeric/random.ts';
import { softmaxAt } from '../../src/numeric/softmax.ts';
import { at, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { scoreOf, valueOf } from './toy.ts';

/** Made by faithfulness_reference.py with Quantus 0.6.0, Captum 0.6.0 and pytorch-grad-cam; the net runs in float64 on both sides. */
const peers = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/faithfulness_reference.json.gz', import.meta.url))).toString(),
) as {
  net: [number[][], number[], number[][], number[]];
  images: number[][][][];
  colour: number[][][][];
  grey: number[][][][];
  mask: number[][][];
  targets: number[];
  pixelFlipping: { pixels: number[][]; values: number[][] };
  correlation: { subsets: number[][][]; values: number[] };
  estimate: number[];
  infidelity: {
    places: number[][];
    values: { sample: number; multiplyByInputs: boolean; normalize: boolean; value: number }[];
  };
  imputation: { missing: number[][]; values: number[][][][] };
  road: { morf: number[][]; lerf: number[][] };
  masked: { drop: number[]; increase: number[] };
};

const [side, samples] = [6, [0, 1]];
const asTensor = (channels: number[][][]) => tensor([channels.length, side, side], channels.flat(2));
const image = (sample: number) => asTensor(peers.images[sample]);

const dense = (x: ArrayLike<number>, weight: number[][], bias: number[]) =>
  weight.map((row, k) => row.reduce((total, w, i) => total + w * x[i], bias[k]));

async function predict(images: Tensor): Promise<Tensor> {
  const [first, b1, second, b2] = peers.net;
  const rows = Array.from({ length: images.shape[0] }, (_, i) => {
    const hidden = dense(at(images, i).data, first, b1).map((v) => Math.max(v, 0));
    return dense(hidden, second, b2);
  });
  return tensor([rows.length, 3], rows.flat());
}

const scored = (metric: MapMetric, map: number[][][], sample: number, options: object, rest: object = {}) =>
  scoreOf(metric, asTensor(map), { image: image(sample), target: peers.targets[sample], predict, options, ...rest });

// Float32 pictures and logits against float64 throughout: 1e-6, where values are of the order of 1.
const digits = 6;

describe.each(samples)('sample %i', (sample) => {
  it.each([
    ['pixels', peers.grey, 9],
    ['quantus', peers.colour, 27],
  ] as const)('pixel flipping, %s, gives the curve of Quantus after its first point', async (variant, maps, steps) => {
    const outcome = await scored(pixelFlipping, maps[sample], sample, { variant, steps });
    const expected = peers.pixelFlipping[variant === 'quantus' ? 'values' : 'pixels'][sample];
    const y = 'curve' in outcome ? outcome.curve!.y : [];
    expect(y).toHaveLength(expected.length + 1);
    expected.forEach((value, i) => expect(y[i + 1]).toBeCloseTo(value, digits));
  });

  it('faithfulness correlation agrees with Quantus on the subsets that it drew', async () => {
    const context = { image: image(sample), target: peers.targets[sample], predict };
    const value = await dropCorrelation(context, {
      relevance: Float64Array.from(peers.colour[sample].flat(2)),
      subsets: peers.correlation.subsets[sample].map((subset) => Uint32Array.from(subset)),
      to: tensor([3, side, side]),
      reading: 'logit',
    });
    expect(value).toBeCloseTo(peers.correlation.values[sample], digits);
  });

  it('faithfulness estimate, variant quantus, agrees with Quantus', async () => {
    const outcome = await scored(faithfulnessEstimate, peers.colour[sample], sample, { variant: 'quantus', steps: 27 });
    expect(valueOf(outcome)).toBeCloseTo(peers.estimate[sample], digits);
  });

  it.each(peers.infidelity.values.filter((v) => v.sample === sample))(
    'infidelity agrees with Captum: multiplyByInputs $multiplyByInputs, normalize $normalize',
    async ({ value, multiplyByInputs, normalize }) => {
      const { places } = peers.infidelity;
      const drawn = places.flat();
      const rng = { ...createRng(0), integer: () => drawn.shift()! };
      const options = { samples: places.length, side: 0.5, multiplyByInputs, normalize };
      const ours = valueOf(await scored(infidelity, peers.colour[sample], sample, options, { rng }));
      expect(ours / value).toBeCloseTo(1, 5);
    },
  );

  it.each([
    [road, peers.road.morf],
    [roadLerf, peers.road.lerf],
  ] as const)('$name agrees with pytorch-grad-cam without noise', async (metric, expected) => {
    const outcome = await scored(metric, [peers.mask[sample]], sample, { percentages: [25, 50, 75], noise: 0 });
    // To 1e-3 a pixel the system is solved.
    expected.forEach((scores, i) => expect('curve' in outcome && outcome.curve!.y[i]).toBeCloseTo(scores[sample], 3));
  });

  it('average drop and increase are those of pytorch-grad-cam, which does not divide by the probability', async () => {
    const { data } = at(await predict({ shape: [1, 3, side, side], data: image(sample).data }), 0);
    const clean = softmaxAt(data, peers.targets[sample]);
    const map = [peers.mask[sample]];
    const drop = valueOf(await scored(averageDrop, map, sample, {}));
    expect(drop * clean).toBeCloseTo(peers.masked.drop[sample], digits);
    expect(valueOf(await scored(averageIncrease, map, sample, {}))).toBe(peers.masked.increase[sample]);
  });
});

it('imputation agrees with the exact solution of Quantus, on RGB', () => {
  peers.imputation.missing.forEach((missing, i) => {
    const picture = image(0).data.slice();
    impute(picture, Uint32Array.from(missing), { height: side, width: side, tolerance: 1e-9 });
    peers.imputation.values[i].flat(2).forEach((value, p) => expect(picture[p]).toBeCloseTo(value, 6));
  });
});
