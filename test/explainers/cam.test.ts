import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { explainers, type WhiteBoxExplainer } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import * as naive from './naive.ts';
import { nets } from './nets.ts';

const label = 1;
const classes = (k: number): Value => ({
  shape: [1, 4],
  data: Float64Array.from([0, 1, 2, 3], (c) => Number(c === k)),
});
const image = (seed: number): Value => {
  const rng = createRng(seed, 'image');
  return { shape: [1, 3, 6, 6], data: Float64Array.from({ length: 108 }, () => rng.uniform()) };
};
const explainerOf = (name: string) => explainers.find((e) => e.name === name) as WhiteBoxExplainer;

function mapOf(name: string, model: Model, pixels: Value, k = label, options: object = {}): number[] {
  const target = g.input('target', ['N', 4]);
  const explainer = explainerOf(name);
  const map = explainer.attribution({ model, target, options: explainer.options.parse(options) });
  const feeds = new Map([
    [model.pixels, pixels],
    [target, classes(k)],
  ]);
  return Array.from(evaluate([map], feeds, 1)[0].data);
}

/** Bilinear resizing to 6x6 with half-pixel centres. */
function resized(map: number[][]): number[] {
  const n = map.length;
  const at = (k: number) => Math.min(Math.max(((k + 0.5) * n) / 6 - 0.5, 0), n - 1);
  return Array.from({ length: 36 }, (_, i) => {
    const [y, x] = [at(Math.floor(i / 6)), at(i % 6)];
    const [v, u] = [Math.floor(y), Math.floor(x)];
    const [down, right] = [Math.min(v + 1, n - 1), Math.min(u + 1, n - 1)];
    const row = (r: number) => map[r][u] * (1 - x + u) + map[r][right] * (x - u);
    return row(v) * (1 - y + v) + row(down) * (y - v);
  });
}
const summed = (maps: naive.Volume): number[][] =>
  maps[0].map((row, y) => row.map((_, x) => maps.reduce((s, map) => s + map[y][x], 0)));
const positive = (map: number[][]): number[][] => map.map((row) => row.map((v) => Math.max(v, 0)));
const weighted = (weights: readonly number[], maps: naive.Volume): number[] =>
  resized(positive(summed(maps.map((map, k) => map.map((row) => row.map((v) => weights[k] * v))))));

/** The first layer's maps are a target layer behind which the net is not linear. */
const setups = [
  { net: 'plain', layer: undefined, index: 4 },
  { net: 'plain', layer: 'relu1', index: 2 },
  { net: 'pooled', layer: undefined, index: 5 },
  { net: 'pooled', layer: 'relu1', index: 2 },
];

describe.each(setups)('written out in float64, $net net at $layer', ({ net, layer, index }) => {
  const model = nets[net](createRng(2, 'cam'));
  const pixels = image(2);
  const chain = naive.chainOf(model);
  const x = naive.volume(pixels.data, 3, 6, 6);
  const values = naive.forward(chain, x);
  const maps = values[index];
  // The predicted class, so that no map is zero altogether.
  const logits = [0, 1, 2, 3].map((k) => naive.chainLogit(chain, x, k));
  const label = logits.indexOf(Math.max(...logits));
  const gradients = naive.backward(chain, values, label, ...naive.ordinary(values))[index];
  const rest = { ...chain, layers: chain.layers.slice(index) };

  const expected: Record<string, () => number[]> = {
    'grad-cam': () =>
      weighted(
        gradients.map((g) => naive.total([g]) / g.flat().length),
        maps,
      ),
    // Eq. 19 as it stands, where it has a value.
    'grad-cam-plus-plus': () =>
      weighted(
        gradients.map((map, k) =>
          map.flat().reduce((s, d) => {
            const alpha = d === 0 ? 0 : d ** 2 / (2 * d ** 2 + naive.total([maps[k]]) * d ** 3);
            return s + alpha * Math.max(d, 0);
          }, 0),
        ),
        maps,
      ),
    'hires-cam': () => resized(summed(naive.zip((d, a) => d * a, gradients, maps))),
    'layer-cam': () => resized(positive(summed(naive.zip((d, a) => Math.max(d, 0) * a, gradients, maps)))),
    'xgrad-cam': () =>
      weighted(
        gradients.map((g, k) => {
          const sum = naive.total([maps[k]]);
          return sum === 0 ? 0 : naive.total(naive.zip((d, a) => (d * a) / sum, [g], [maps[k]]));
        }),
        maps,
      ),
    'ablation-cam': () =>
      weighted(
        maps.map((_, k) => {
          const ablated = maps.map((map, c) => (c === k ? map.map((row) => row.map(() => 0)) : map));
          return (logits[label] - naive.chainLogit(rest, ablated, label)) / Math.abs(logits[label]);
        }),
        maps,
      ),
    'score-cam': () => {
      const scores = maps.map((map) => {
        const large = resized(map);
        const [least, most] = [Math.min(...large), Math.max(...large)];
        const mask = large.map((v) => (most > least ? (v - least) / (most - least) : 0));
        const masked = x.map((channel) => channel.map((row, y) => row.map((v, z) => v * mask[6 * y + z])));
        return naive.chainLogit(chain, masked, label);
      });
      const sum = scores.reduce((s, v) => s + Math.exp(v), 0);
      return weighted(
        scores.map((v) => Math.exp(v) / sum),
        maps,
      );
    },
  };

  it.each(Object.keys(expected))('%s', (name) => {
    const got = mapOf(name, model, pixels, label, { layer });
    const wanted = expected[name]();
    got.forEach((v, i) => expect(v).toBeCloseTo(wanted[i], 6));
    expect(wanted.some((v) => Math.abs(v) > 1e-3)).toBe(true);
  });
});

const names = ['grad-cam', 'grad-cam-plus-plus', 'hires-cam', 'layer-cam', 'xgrad-cam', 'ablation-cam', 'score-cam'];

describe.each(names)('%s', (name) => {
  it('depends on the class', () => {
    const model = nets.pooled(createRng(3));
    const maps = [0, 1, 2].map((k) => mapOf(name, model, image(3), k));
    expect(new Set(maps.map((map) => map.map((v) => v.toFixed(4)).join())).size).toBe(3);
  });

  // HiResCAM stays signed, as in its paper.
  it.skipIf(name === 'hires-cam')('shows only what speaks for the class, where feature maps are negative too', () => {
    const model = nets.pooled(createRng(3), { activation: (x) => g.gelu(g.sub(x, 1)) });
    for (const k of [0, 1, 2]) expect(Math.min(...mapOf(name, model, image(3), k))).toBeGreaterThanOrEqual(0);
  });

  it('gives zeros for a dead net', () => {
    const dead = nets.pooled(createRng(4), { activation: (x) => g.relu(g.sub(x, 1000)) });
    expect(mapOf(name, dead, image(4)).every((v) => v === 0)).toBe(true);
  });
});

describe('where the net goes on linearly from the target layer', () => {
  const model = nets.averaged(createRng(5), { bias: false });
  const map = (name: string) => mapOf(name, model, image(5));

  it('HiResCAM sums to the logit', () => {
    const [{ data }] = evaluate([model.logits], new Map([[model.pixels, image(5)]]), 1);
    // The target layer has 3x3 positions, the picture 6x6.
    expect(map('hires-cam').reduce((a, b) => a + b, 0) / 4).toBeCloseTo(data[label], 10);
  });

  it('XGrad-CAM and Grad-CAM are one, as the gradient is the same at all positions', () => {
    map('xgrad-cam').forEach((v, i) => expect(v).toBeCloseTo(map('grad-cam')[i], 8));
  });
});
