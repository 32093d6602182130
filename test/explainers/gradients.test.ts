import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { explainers, type WhiteBoxExplainer } from '../../src/explainers/index.ts';
import { fullGradientTerms } from '../../src/explainers/fullgrad.ts';
import * as g from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { gaussianBlur } from '../../src/numeric/blur.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import * as naive from './naive.ts';
import { nets } from './nets.ts';

const label = 2;
const chosen: Value = { shape: [1, 4], data: Float64Array.of(0, 0, 1, 0) };
const image = (seed: number): Value => {
  const rng = createRng(seed, 'image');
  return { shape: [1, 3, 6, 6], data: Float64Array.from({ length: 108 }, () => rng.uniform()) };
};
const explainerOf = (name: string) => explainers.find((e) => e.name === name) as WhiteBoxExplainer;

const run = (model: Model, target: g.Node, pixels: Value, ...nodes: g.Node[]) =>
  evaluate(
    nodes,
    new Map([
      [model.pixels, pixels],
      [target, chosen],
    ]),
    1,
  ).map(({ data }) => Array.from(data));

/** An explainer's map of a picture, `model` made by `net`. */
function mapOf(name: string, model: Model, pixels: Value, options: object = {}): number[] {
  const target = g.input('target', ['N', 4]);
  const explainer = explainerOf(name);
  return run(
    model,
    target,
    pixels,
    explainer.attribution({ model, target, options: explainer.options.parse(options) }),
  )[0];
}

function expectClose(got: readonly number[], expected: readonly number[], digits = 12): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((v, i) => expect(v).toBeCloseTo(expected[i], digits));
  expect(expected.some((v) => Math.abs(v) > 1e-3)).toBe(true);
}

/** A net as loops over numbers, on one picture. */
function written(net: string, seed: number) {
  const model = nets[net](createRng(seed, 'gradients'));
  const pixels = image(seed);
  const chain = naive.chainOf(model);
  const x = naive.volume(pixels.data, 3, 6, 6);
  return { model, pixels, chain, x, values: naive.forward(chain, x) };
}

describe.each(['plain', 'pooled'])('written out in float64, %s net', (net) => {
  const { model, pixels, chain, x, values } = written(net, 1);
  const [relu, pool] = naive.ordinary(values);
  const gradient = (rule: naive.Rule) => naive.backward(chain, values, label, rule, pool)[0];

  it('gradient-x-input', () => {
    expectClose(mapOf('gradient-x-input', model, pixels), naive.flat(naive.zip((t, v) => t * v, gradient(relu), x)));
  });

  it('guided-backprop: a cotangent passes where it and the input are positive', () => {
    const guided = gradient((i, t) => naive.zip((v, z) => (z > 0 && v > 0 ? v : 0), t, values[i]));
    expectClose(mapOf('guided-backprop', model, pixels), naive.flat(guided));
    expect(naive.flat(guided)).not.toEqual(naive.flat(gradient(relu)));
  });

  it('deconvnet: a cotangent passes where it is positive', () => {
    const rectified = gradient((_, t) => naive.zip((v) => Math.max(v, 0), t));
    expectClose(mapOf('deconvnet', model, pixels), naive.flat(rectified));
  });

  it('deeplift: multipliers of ReLUs and of max pools', () => {
    const black = x.map((map) => map.map((row) => row.map(() => 0)));
    const reference = naive.forward(chain, black);
    const ratio = (i: number, contribution: naive.Volume) =>
      naive.zip((c, z, z0) => (z === z0 ? 0 : c / (z - z0)), contribution, values[i], reference[i]);
    const [multiplier] = naive.backward(
      chain,
      values,
      label,
      (i, t) =>
        ratio(
          i,
          naive.zip((v, a, a0) => v * (a - a0), t, values[i + 1], reference[i + 1]),
        ),
      (i, t) => {
        const [after, after0] = [values[i + 1], reference[i + 1]];
        const rise = naive.zip((v, a, a0) => v * (Math.max(a, a0) - a0), t, after, after0);
        const fall = naive.zip((v, a, a0) => v * (a - Math.max(a, a0)), t, after, after0);
        const parts = [naive.unpool(rise, naive.places(values[i])), naive.unpool(fall, naive.places(reference[i]))];
        return ratio(
          i,
          naive.zip((p, q) => p + q, ...parts),
        );
      },
    );
    expectClose(mapOf('deeplift', model, pixels), naive.flat(naive.zip((m, v) => m * v, multiplier, x)));
  });

  it('fullgrad: absolute terms of input and biases, each layer stretched to [0,1]', () => {
    const cotangents = naive.backward(chain, values, label, relu, pool);
    const terms = [naive.zip((t, v) => Math.abs(t * v), cotangents[0], x)];
    chain.layers.forEach((layer, i) => {
      if (layer.kind === 'conv')
        terms.push(cotangents[i + 1].map((map, c) => map.map((row) => row.map((t) => Math.abs(t * layer.b[c])))));
    });
    const expected = new Float64Array(36);
    for (const term of terms) {
      const all = naive.flat(term);
      const [least, most] = [Math.min(...all), Math.max(...all)];
      const factor = 6 / term[0].length;
      // Bilinear with half-pixel centres: where a result pixel lies, and how much each neighbour counts.
      const weights = (k: number) => {
        const p = Math.min(Math.max((k + 0.5) / factor - 0.5, 0), term[0].length - 1);
        const low = Math.floor(p);
        return [
          [low, 1 - (p - low)],
          [Math.min(low + 1, term[0].length - 1), p - low],
        ];
      };
      for (const map of term)
        for (let y = 0; y < 6; y++)
          for (let z = 0; z < 6; z++)
            for (const [v, a] of weights(y))
              for (const [u, b] of weights(z)) expected[6 * y + z] += (a * b * (map[v][u] - least)) / (most - least);
    }
    expectClose(mapOf('fullgrad', model, pixels), Array.from(expected), 8);
  });
});

describe('completeness', () => {
  const baselines: Record<string, (pixels: Value) => ArrayLike<number>> = {
    black: ({ data }) => data.map(() => 0),
    white: ({ data }) => data.map(() => 1),
    mean: ({ data }) => data.map((_, i) => data.slice(i - (i % 36), i - (i % 36) + 36).reduce((a, b) => a + b, 0) / 36),
    blur: ({ data }) => gaussianBlur(tensor([3, 6, 6], Float32Array.from(data)), 11, 5).data,
  };
  it.each(Object.keys(nets))('deeplift sums to the change of the logit, %s net', (net) => {
    const model = nets[net](createRng(3, net), { normalise: true });
    const target = g.input('target', ['N', 4]);
    const pixels = image(3);
    const logit = g.reduceSum(g.mul(model.logits, target));
    for (const [baseline, values] of Object.entries(baselines)) {
      const start = { shape: pixels.shape, data: Float64Array.from(values(pixels)) };
      const change = run(model, target, pixels, logit)[0][0] - run(model, target, start, logit)[0][0];
      expect(mapOf('deeplift', model, pixels, { baseline }).reduce((a, b) => a + b, 0)).toBeCloseTo(change, 6);
    }
  });

  it('deeplift adds up what overlapping windows of a max pool send to one place', () => {
    const overlapping = { kernel: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0], ceil: true } as const;
    const model = nets.plain(createRng(3), { activation: (x) => g.maxPool(g.relu(x), overlapping) });
    const target = g.input('target', ['N', 4]);
    const logit = g.reduceSum(g.mul(model.logits, target));
    const at = (pixels: Value) => run(model, target, pixels, logit)[0][0];
    const change = at(image(3)) - at({ shape: [1, 3, 6, 6], data: new Float64Array(108) });
    expect(mapOf('deeplift', model, image(3)).reduce((a, b) => a + b, 0)).toBeCloseTo(change, 10);
  });

  const activations: Record<string, (x: g.Node) => g.Node> = {
    relu: g.relu,
    relu6: (x) => g.clip(x, 0, 0.5),
    gelu: g.gelu,
    softplus: (x) => g.softplus(x, 2),
  };
  it.each(Object.keys(nets).flatMap((net) => Object.keys(activations).map((a) => [net, a])))(
    'the terms of FullGrad sum to the logit, %s net with %s',
    (net, activation) => {
      const model = nets[net](createRng(4, net), { normalise: true, activation: activations[activation] });
      const target = g.input('target', ['N', 4]);
      const terms = fullGradientTerms(model, target);
      const [sum, logit] = run(
        model,
        target,
        image(4),
        terms.map((t) => g.reduceSum(t)).reduce((a, b) => g.add(a, b)),
        g.reduceSum(g.mul(model.logits, target)),
      );
      expect(sum[0]).toBeCloseTo(logit[0], 10);
      expect(terms.length).toBeGreaterThan(2);
    },
  );

  it('counts what is added to a layer as a bias: a batch normalisation that could not be folded', () => {
    const pixels = g.input('pixels', ['N', 3, 6, 6]);
    const offset = g.constant(Float64Array.of(0.3, -0.2, 0.1), [1, 3, 1, 1]);
    const logits = g.reduceMean(g.relu(g.sub(g.add(g.mul(pixels, 2), offset), 0.5)), [2, 3]);
    const model: Model = { ...nets.plain(createRng(0)), pixels, input: pixels, logits };
    const target = g.input('target', ['N', 3]);
    const terms = fullGradientTerms(model, target).map((t) => g.reduceSum(t));
    expect(terms).toHaveLength(3);
    const one = { shape: [1, 3], data: Float64Array.of(1, 0, 0) };
    const [sum, logit] = evaluate(
      [terms.reduce((a, b) => g.add(a, b)), logits],
      new Map([
        [pixels, image(4)],
        [target, one],
      ]),
      1,
    );
    expect(sum.data[0]).toBeCloseTo(logit.data[0], 12);
  });
});

describe('activations that are not ReLU', () => {
  it('guided-backprop keeps their derivative: softplus tends to ReLU', () => {
    const sharp = nets.plain(createRng(5), { activation: (x) => g.softplus(x, 1e5) });
    expectClose(
      mapOf('guided-backprop', sharp, image(5)),
      mapOf('guided-backprop', nets.plain(createRng(5)), image(5)),
      6,
    );
  });

  it('deeplift divides changes: on a smooth net it is complete too', () => {
    const model = nets.skip(createRng(6), { activation: g.gelu });
    const target = g.input('target', ['N', 4]);
    const pixels = image(6);
    const logit = g.reduceSum(g.mul(model.logits, target));
    const black = { shape: pixels.shape, data: pixels.data.map(() => 0) };
    const change = run(model, target, pixels, logit)[0][0] - run(model, target, black, logit)[0][0];
    expect(mapOf('deeplift', model, pixels).reduce((a, b) => a + b, 0)).toBeCloseTo(change, 10);
  });

  it('deeplift is zero, not NaN, where the picture is the baseline', () => {
    const black = { shape: [1, 3, 6, 6], data: new Float64Array(108) };
    expect(mapOf('deeplift', nets.pooled(createRng(7)), black).every((v) => v === 0)).toBe(true);
  });
});

describe.each(['gradient-x-input', 'guided-backprop', 'deconvnet', 'deeplift', 'fullgrad'])('%s', (name) => {
  it('depends on the class', () => {
    const model = nets.pooled(createRng(8));
    const target = g.input('target', ['N', 4]);
    const explainer = explainerOf(name);
    const map = explainer.attribution({ model, target, options: explainer.options.parse({}) });
    const of = (k: number) => {
      const one = { shape: [1, 4], data: Float64Array.from([0, 1, 2, 3], (c) => Number(c === k)) };
      return evaluate(
        [map],
        new Map([
          [model.pixels, image(8)],
          [target, one],
        ]),
        1,
      )[0].data;
    };
    expect(of(0).some((v, i) => Math.abs(v - of(1)[i]) > 1e-3)).toBe(true);
  });
});

// DeconvNet is not among them: it does not look at the forward pass.
it.each(['gradient-x-input', 'guided-backprop', 'deeplift', 'fullgrad'])('%s gives zeros for a dead net', (name) => {
  const dead = nets.pooled(createRng(9), { activation: (x) => g.relu(g.sub(x, 1000)) });
  expect(mapOf(name, dead, image(9)).every((v) => v === 0)).toBe(true);
});
