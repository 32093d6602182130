import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../metrics/agreement.ts';
import { findMetric } from '../../metrics/index.ts';
import type { MapMetric } from '../../metrics/metric.ts';
import { createRng } from '../../src/numeric/random.ts';
import { batchOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { scoreOf, valueOf } from './toy.ts';

interface Reference {
  readonly height: number;
  readonly width: number;
  readonly maps: readonly number[][];
  readonly masks: readonly number[][];
  readonly scores: Readonly<Record<string, readonly number[]>>;
  readonly differs: Readonly<Record<string, number>>;
  readonly stability: Readonly<Record<'shape' | 'image' | 'uniform' | 'attribution' | 'attributions', number[]>> &
    Readonly<Record<'representation' | 'representations' | 'logits' | 'logits_of', number[]>> &
    Readonly<Record<'samples' | 'radius' | 'ris' | 'rrs' | 'ros' | 'local-lipschitz', number>>;
  readonly sanity: {
    readonly spearman: readonly number[];
    readonly mprt: Readonly<Record<string, number>>;
    readonly 'mprt average': number;
  };
}

const file = new URL('../fixtures/metrics_reference.json', import.meta.url);
const { height, width, maps, masks, scores, differs, stability, sanity } = JSON.parse(
  readFileSync(file, 'utf8'),
) as Reference;

const metric = (name: string) => findMetric(name) as MapMetric;
const mapOf = (values: readonly number[]) => tensor([1, height, width], values);
const mask = Uint8Array.from(masks[0]);
const upsideDown = (values: readonly number[]) =>
  values.map((_, p) => values[(height - 1 - Math.floor(p / width)) * width + (p % width)]);

describe.each(Object.entries(scores))('%s of fixed maps', (name, expected) => {
  it.each(expected.map((value, i) => [i, value]))('%d scores %d', async (i, value) => {
    const options = name === 'effective-complexity' ? { threshold: 0.1 } : {};
    const outcome = await scoreOf(metric(name), mapOf(maps[i]), { mask: Uint8Array.from(masks[i]), options });
    // Quantus adds 1e-7 to every pixel for its Gini index.
    expect(valueOf(outcome)).toBeCloseTo(value, name === 'sparseness' ? 5 : 6);
  });
});

describe('stability among given neighbours', () => {
  const { shape, samples } = stability;
  const batch = (values: number[], n = samples) =>
    tensor([n, ...(values.length === n * 60 ? shape : [values.length / n])], values);
  const one = (images: Tensor) => images.shape[0] === 1;
  const context = {
    image: tensor(shape, stability.image),
    explain: async () => batch(stability.attributions),
    predict: async (images: Tensor) => (one(images) ? batch(stability.logits, 1) : batch(stability.logits_of)),
    represent: async (images: Tensor) =>
      one(images) ? batch(stability.representation, 1) : batch(stability.representations),
  };

  it.each(['ris', 'rrs', 'ros', 'local-lipschitz'] as const)('%s', async (name) => {
    let next = 0;
    const rng = { ...createRng(0), uniform: () => stability.uniform[next++] };
    const outcome = await scoreOf(metric(name), tensor(shape, stability.attribution), {
      ...context,
      rng,
      options: { samples, radius: stability.radius },
      step: { channels: 'sum', sign: 'signed', normalise: 'none' },
    });
    // Logits differ by a hundredth of their size, hence the digits lost in float32.
    expect(valueOf(outcome) / stability[name]).toBeCloseTo(1, 4);
    expect(outcome.discarded).toBe(0);
  });
});

describe('agreement of maps', () => {
  const heatmap = (values: readonly number[]) => ({ height, width, values: Float64Array.from(values) });

  it('by rank', () => {
    const found = [0, 3].map((i) => agreementOf('spearman', heatmap(maps[2]), heatmap(maps[i])));
    found.forEach((value, i) => expect(value).toBeCloseTo(sanity.spearman[i], 12));
  });
});

describe('where Quantus is not followed', () => {
  it('a constant map does not win the pointing game, nor does an empty mask', async () => {
    expect([differs['pointing-game, constant map'], differs['pointing-game, empty mask']]).toEqual([1, 1]);
    const constant = mapOf(Array<number>(height * width).fill(2));
    expect(valueOf(await scoreOf(metric('pointing-game'), constant, { mask }))).toBeCloseTo(1 / 3, 12);
    const empty = await scoreOf(metric('pointing-game'), mapOf(maps[0]), { mask: new Uint8Array(height * width) });
    expect(empty).toEqual({ reason: "the object's mask is empty" });
  });

  it('weighted localisation of a constant map is 1, and does not depend on the batch', async () => {
    const [three, four] = [3, 4].map((n) => differs[`weighted localisation of a constant map, batch of ${n}`]);
    // The share of the object times its pixels over those of the batch from the third picture on, all channels.
    expect(three).toBeCloseTo((1 / 3) * (60 / 540), 8);
    expect(four).toBeCloseTo((1 / 3) * (60 / 1080), 8);
    const constant = mapOf(Array<number>(height * width).fill(2));
    expect(valueOf(await scoreOf(metric('weighted-localisation'), constant, { mask }))).toBeCloseTo(1, 12);
  });

  it('normalisation knows no batch', () => {
    const [alone] = scores['effective-complexity'];
    expect(differs['effective complexity beside a map of ten times the scale']).toBeLessThan(alone - 0.2);
  });

  it('the average of MPRT leaves out the original model', async () => {
    const { original, ...layers } = sanity.mprt;
    const all = [original, ...Object.values(layers)];
    expect(sanity['mprt average']).toBeCloseTo(all.reduce((s, v) => s + v, 0) / all.length, 12);
    expect(original).toBeCloseTo(1, 12);
  });

  it('SSIM sees a map with rows and columns, not a line', async () => {
    const map = maps[0].map(Math.abs);
    const other = upsideDown(map);
    const explain = async () => batchOf(mapOf(other));
    const outcome = await scoreOf(metric('random-logit'), mapOf(map), { explain });
    expect(Math.abs(valueOf(outcome) - differs['ssim of a map and itself upside down'])).toBeGreaterThan(0.05);
  });
});
