import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { attentionLayers, patchAttention, readout } from '../../src/explainers/attention.ts';
import { attentionRollout } from '../../src/explainers/attention-rollout.ts';
import { gradientAttention } from '../../src/explainers/gradient-attention.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { modelOf, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { torchvisionModel } from '../onnx/torchvision.ts';
import { attentionNets, nets } from './nets.ts';

type Matrix = number[][];

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const matrix = (n: number, f: (i: number, j: number) => number): Matrix =>
  range(n).map((i) => range(n).map((j) => f(i, j)));
const times = (a: Matrix, b: Matrix): Matrix =>
  matrix(a.length, (i, j) => range(a.length).reduce((s, k) => s + a[i][k] * b[k][j], 0));
const identity = (n: number) => matrix(n, (i, j) => Number(i === j));

const pixels: Value = {
  shape: [1, 3, 6, 6],
  data: Float64Array.from(
    { length: 108 },
    (
      (rng) => () =>
        rng.uniform()
    )(createRng(3, 'picture')),
  ),
};
const chosen: Value = { shape: [1, 4], data: Float64Array.of(0, 0, 1, 0) };
const target = g.input('target', ['N', 4]);

const run = (model: Model, nodes: readonly Node[], also: [Node, Value][] = []) =>
  evaluate(nodes, new Map([[model.pixels, pixels], [target, chosen], ...also]), 1);

/** Attention weights `[heads][T][T]` of each block, and by how much the logit of class 2 grows with each of them. */
function attentionOf(model: Model) {
  return attentionLayers(model).map((layer) => {
    const [value] = run(model, [layer]);
    const [, heads, tokens] = value.shape;
    const fed = g.input('fed', layer.shape);
    const [logits] = g.substitute([model.logits], new Map([[layer, fed]]));
    const logit = (data: Float64Array) => run(model, [logits], [[fed, { ...value, data }]])[0].data[2];
    const h = 1e-5;
    const slope = (i: number) => {
      const moved = (by: number) => value.data.map((v, k) => (k === i ? v + by : v)) as Float64Array;
      return (logit(moved(h)) - logit(moved(-h))) / (2 * h);
    };
    const split = (f: (i: number) => number) =>
      range(heads).map((head) => matrix(tokens, (i, j) => f((head * tokens + i) * tokens + j)));
    return { weights: split((i) => value.data[i]), slopes: split(slope) };
  });
}

/** What the class token, or the mean token, has of each of the 3x3 patches, resized to 6x6 with half-pixel centres. */
function picture(rolled: Matrix, classToken: boolean): number[] {
  const row = classToken
    ? rolled[0].slice(1)
    : range(9).map((j) => rolled.reduce((s, r) => s + r[j], 0) / rolled.length);
  const inside = (p: number) => Math.min(Math.max(p, 0), 2);
  const at = (y: number, x: number) => row[3 * inside(y) + inside(x)];
  return range(36).map((i) => {
    const [y, x] = [(Math.floor(i / 6) + 0.5) / 2 - 0.5, ((i % 6) + 0.5) / 2 - 0.5];
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const [down, right] = [y - top, x - left];
    return (
      (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
      down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1))
    );
  });
}

describe.each(Object.keys(attentionNets))('%s', (net) => {
  const model = attentionNets[net](createRng(9, net), { normalise: true, activation: (x) => g.gelu(x) });
  const blocks = attentionOf(model);
  const tokens = blocks[0].weights[0].length;
  const meanOver = (heads: readonly Matrix[]) =>
    matrix(tokens, (i, j) => heads.reduce((s, head) => s + head[i][j], 0) / heads.length);
  const matches = (map: Node, expected: Matrix) => {
    const [got] = run(model, [map]);
    expect(got.shape).toEqual([1, 1, 6, 6]);
    picture(expected, net === 'transformer').forEach((v, i) => expect(got.data[i]).toBeCloseTo(v, 7));
  };

  it('rollout multiplies the mean attention of all blocks, each with the skip past it', () => {
    const rolled = blocks.reduce((before, { weights }) => {
      const mean = meanOver(weights);
      const mixed = matrix(tokens, (i, j) => 0.5 * mean[i][j] + 0.5 * Number(i === j));
      const sums = mixed.map((r) => r.reduce((a, b) => a + b));
      return times(
        matrix(tokens, (i, j) => mixed[i][j] / sums[i]),
        before,
      );
    }, identity(tokens));
    matches(attentionRollout.attribution({ model, target, options: {} }), rolled);
  });

  it('gradient-weighted attention adds to each token what it takes from others for the class', () => {
    const rolled = blocks.reduce((before, { weights, slopes }) => {
      const mean = meanOver(
        weights.map((w, head) => matrix(tokens, (i, j) => Math.max(w[i][j] * slopes[head][i][j], 0))),
      );
      const added = times(mean, before);
      return matrix(tokens, (i, j) => before[i][j] + added[i][j]);
    }, identity(tokens));
    const gained = matrix(tokens, (i, j) => rolled[i][j] - Number(i === j));
    matches(gradientAttention.attribution({ model, target, options: {} }), gained);
  });
});

describe('where the patches are', () => {
  it('is found in a file of torchvision, whatever the batch and the form of its layer norm', () => {
    for (const name of ['vit', 'vit-opset11']) {
      const model = modelOf(torchvisionModel(name), `${name}.onnx`, { preprocessing: 'none' });
      const { layers, grid, start, classToken } = patchAttention(model);
      expect(layers.map((l) => l.shape)).toEqual([
        ['N', 4, 17, 17],
        ['N', 4, 17, 17],
      ]);
      expect({ grid, start, classToken }).toEqual({ grid: [4, 4], start: 1, classToken: 0 });
    }
  });

  it('is told from patches alone, and from a class token behind them', () => {
    const plain = attentionNets['transformer without class token'](createRng(1));
    expect(patchAttention(plain)).toMatchObject({ grid: [3, 3], start: 0, classToken: undefined });
    const before = attentionNets.transformer(createRng(1));
    const [logits] = g.rewrite([before.logits], (n) =>
      n.op === 'concat' ? g.concat([n.inputs[1], n.inputs[0]], 1) : n,
    );
    expect(patchAttention({ ...before, logits })).toMatchObject({ grid: [3, 3], start: 0, classToken: 9 });
  });

  it('cannot be told without attention, and a message says for what nets the explainer is', () => {
    const model = nets.plain(createRng(1));
    expect(() => patchAttention(model)).toThrow(/'plain' has no attention.*transformers, such as torchvision/);
  });

  /** Attention of a picture `[N,3,6,6]` to itself, cut into tokens `[N,1,T,D]`. */
  function attending(tokensOf: (x: Node) => Node): Model {
    const x = g.input('pixels', ['N', 3, 6, 6]);
    const tokens = tokensOf(x);
    const weights = g.softmax(g.matmul(tokens, g.transpose(tokens, [0, 1, 3, 2])));
    const logits = g.reduceSum(g.matmul(weights, tokens), [1, 2]);
    return { ...nets.plain(createRng(1)), pixels: x, input: x, logits };
  }
  const patches = (x: Node) =>
    g.conv(x, g.constant(new Float32Array(48).fill(1), [4, 3, 2, 2]), undefined, { strides: [2, 2] });

  it('cannot be told where tokens come from no convolution', () => {
    const model = attending((x) => g.reshape(x, ['N', 2, 9, 6]));
    expect(() => patchAttention(model)).toThrow(/cannot tell which patch.*no convolution/);
  });

  const transposed = (x: Node) => g.transpose(x, [0, 1, 3, 2]);
  it.each<[what: string, shape: string, scores: (x: Node) => Node]>([
    [
      'across two sequences',
      '[N,1,9,6]',
      (x) => g.matmul(g.reshape(x, ['N', 1, 9, 12]), g.reshape(g.slice(x, 3, 0, 4), ['N', 1, 12, 6])),
    ],
    [
      'within windows',
      '[4N,1,9,9]',
      (x) => g.matmul(g.reshape(x, ['4N', 1, 9, 3]), transposed(g.reshape(x, ['4N', 1, 9, 3]))),
    ],
  ])('cannot be told from attention %s', (_, shape, scores) => {
    const x = g.input('pixels', ['N', 3, 6, 6]);
    const weights = g.softmax(scores(x));
    const logits = g.reduceSum(weights, [1, 2, 3]);
    const model = { ...nets.plain(createRng(1)), pixels: x, input: x, logits };
    expect(() => patchAttention(model)).toThrow(`its attention has the shapes ${shape}, not [N,heads,T,T]`);
  });

  it('is read evenly where there is no class token, whatever the shape of the grid', () => {
    const weights = g.input('weights', ['N', 2, 6, 6]);
    const row = readout({ layers: [weights], grid: [2, 3], start: 0, classToken: undefined });
    expect(row.op === 'constant' && Array.from(row.attrs.data)).toEqual(Array(6).fill(Math.fround(1 / 6)));
  });

  it.each([
    [18, (x: Node) => g.reshape(patches(x), ['N', 1, 18, 2])],
    [6, (x: Node) => g.reshape(patches(x), ['N', 1, 6, 6])],
    [
      8,
      (x: Node) =>
        g.concat(
          [0, 1].map(() => g.slice(g.reshape(patches(x), ['N', 1, 9, 4]), 2, 0, 4)),
          2,
        ),
    ],
  ])('cannot be told where %i tokens stand for 3x3 patches', (tokens, tokensOf) => {
    expect(() => patchAttention(attending(tokensOf))).toThrow(`${tokens} tokens for 3x3 patches`);
  });
});
