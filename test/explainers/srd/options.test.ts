import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetLogit } from '../../../src/explainers/explainer.ts';
import { targetLayer } from '../../../src/explainers/layers.ts';
import { routing } from '../../../src/explainers/routing.ts';
import * as g from '../../../src/graph/index.ts';
import type { Node } from '../../../src/graph/index.ts';
import type { Model } from '../../../src/model/model.ts';
import { createRng } from '../../../src/numeric/random.ts';
import { nets } from '../nets.ts';
import { image, overChannels, question, sumOf } from './observe.ts';
import { routedNets } from './routed-nets.ts';

/** Σ R over the positions of the target layer, from the vector after or before its activation. */
function relevanceOf(model: Model, target: Node, vector: (layer: Node) => Node = (layer) => layer): Node {
  const layer = targetLayer(model);
  const logit = targetLogit(model, target);
  const [gradient] = g.backward([logit], [g.full(logit, 1)], [layer], routing(model));
  return g.reduceSum(g.mul(gradient, vector(layer)));
}

interface NetMaker {
  readonly net: string;
  make(seed: number, bias: boolean, activation?: (x: Node) => Node): Model;
}
const families: NetMaker[] = [
  ...Object.keys(nets).map((net) => ({
    net,
    make: (seed: number, bias: boolean, activation?: (x: Node) => Node) =>
      nets[net](createRng(seed, net), { bias, activation }),
  })),
  ...Object.keys(routedNets).map((net) => ({
    net,
    make: (seed: number, bias: boolean) => routedNets[net](createRng(seed, net), { bias }),
  })),
];
const atFullSize = families.filter(({ net }) => ['plain', 'skip', 'concatenated', 'joint', 'convnext'].includes(net));

describe.each(['srd', 'srd-apop'] as const)('%s', (name) => {
  it.each(families)('keeps the relevance without bias on the $net net', ({ make }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 3 }), (seed, label) => {
        const model = make(seed, false);
        const { target, by, observe } = question(model);
        const [map, relevance] = observe(image(model, seed), label, [by(name), relevanceOf(model, target)]);
        // ε = 1e-9 takes its part where an almost dead feature vector carries relevance.
        expect(sumOf(map.data)).toBeCloseTo(relevance.data[0], 5);
      }),
      { numRuns: 10 },
    );
  });

  it.each(families)('keeps it with bias, too, when shares are renormalised, $net net', ({ make }) => {
    // A dead vector that is all bias has nobody to give its relevance to; none is dead here.
    const model = make(1, true, (x) => g.leakyRelu(x, 0.1));
    const { target, by, observe } = question(model);
    const [all, ignored, relevance] = observe(image(model, 1), 0, [
      by(name, { bias: 'renormalise' }),
      by(name),
      relevanceOf(model, target),
    ]);
    expect(sumOf(all.data)).toBeCloseTo(relevance.data[0], 6);
    expect(Math.abs(sumOf(ignored.data) - relevance.data[0])).toBeGreaterThan(1e-4);
  });

  it.each(atFullSize)(
    'the fields of all positions, weighed by their relevance, make up the saliency on the $net net',
    ({ make }) => {
      const model = make(6, true);
      const { by, observe } = question(model);
      const layer = targetLayer(model);
      // On a grid of the picture's size, `at: target` draws the relevance as it is.
      const [saliency, drawn] = observe(image(model, 6), 1, [by(name), by(name, { at: 'target' })]);
      const [, , rows, columns] = layer.shape as number[];
      const fields = Array.from({ length: rows * columns }, (_, p) =>
        by(name, { position: [Math.floor(p / columns), p % columns] }),
      );
      const expected = new Float64Array(rows * columns);
      observe(image(model, 6), 1, fields).forEach((field, p) =>
        overChannels(field).forEach((v, i) => (expected[i] += drawn.data[p] * v)),
      );
      overChannels(saliency).forEach((v, i) => expect(v).toBeCloseTo(expected[i], 7));
    },
  );

  it.each(families)('a field sums to 1 without bias on the $net net', ({ make }) => {
    const model = make(2, false);
    const { by, observe } = question(model);
    const [field] = observe(image(model, 2), 0, [by(name, { position: [1, 0] })]);
    const total = sumOf(field.data);
    // Where no neuron is on, SRD has nothing to share.
    if (name === 'srd' && total === 0) return;
    expect(total).toBeCloseTo(1, 5);
  });

  it('takes any activation, and starts from the vector before it on request', () => {
    const model = nets.skip(createRng(2, 'gelu'), { activation: (x) => g.gelu(x), bias: false });
    const { target, by, observe } = question(model);
    const [post, pre, afterwards, beforehand] = observe(image(model, 2), 0, [
      by(name),
      by(name, { relevance: 'pre' }),
      relevanceOf(model, target),
      relevanceOf(model, target, (layer) => layer.inputs[0]),
    ]);
    expect(sumOf(post.data)).toBeCloseTo(afterwards.data[0], 6);
    expect(sumOf(pre.data)).toBeCloseTo(beforehand.data[0], 6);
  });

  it('treats concatenated activations at the target layer as one feature vector', () => {
    // Softplus leaves no feature vector dead, so that the plain quotients below are defined.
    const model = nets.joint(createRng(5, 'joint'), { activation: (x) => g.softplus(x, 2) });
    const { target, by, observe } = question(model);
    const layer = targetLayer(model);
    expect(layer.name).toBe('concat');
    const joined = (nodes: readonly Node[]) => g.concat(nodes, 1);
    const [gradient] = g.grad(targetLogit(model, target), [layer]);
    const z = joined(layer.inputs.map((p) => p.inputs[0]));
    const q = name === 'srd' ? layer : z;
    // Written out for the whole vector: the share of each position, then the ordinary rule at the one activation below.
    const below = model.layers.get('squeeze')!;
    const share = g.div(g.reduceSum(g.mul(gradient, layer), [1], true), g.reduceSum(g.mul(z, q), [1], true));
    const [t] = g.backward([z], [g.mul(q, share)], [below]);
    const zb = below.inputs[0];
    const qb = name === 'srd' ? below : zb;
    const passed = g.mul(qb, g.div(g.reduceSum(g.mul(below, t), [1], true), g.reduceSum(g.mul(zb, qb), [1], true)));
    const [atInput] = g.backward([zb], [passed], [model.input]);
    const [got, expected] = observe(image(model, 5), 2, [by(name), g.mul(model.input, atInput)]);
    got.data.forEach((v, i) => expect(v).toBeCloseTo(expected.data[i], 8));
  });

  it('shares a max pool in proportion on request: as average pooling does, but with the sum of the maxima', () => {
    const model = nets.pooled(createRng(3, 'pooled'), { bias: false });
    const { target, by, observe } = question(model);
    const [map, largest, relevance, low, pooled, a] = observe(image(model, 3), 1, [
      by(name, { pooling: 'proportional' }),
      by(name),
      relevanceOf(model, target),
      by(name, { pooling: 'proportional', at: 'relu1' }),
      by(name, { at: 'relu1' }),
      model.layers.get('relu1')!,
    ]);
    expect(sumOf(map.data)).toBeCloseTo(relevance.data[0], 5);
    expect(Math.max(...map.data.map((v, i) => Math.abs(v - largest.data[i])))).toBeGreaterThan(1e-3);
    expect(sumOf(low.data)).toBeCloseTo(sumOf(pooled.data), 6);
    // Only a position without any value on gets nothing; by argmax, one that holds no maximum does, too.
    const on = overChannels(a);
    expect([...low.data].filter((v) => v !== 0).length).toBe(on.filter((v) => v > 0).length);
    expect([...pooled.data].filter((v) => v !== 0).length).toBeLessThan(on.filter((v) => v > 0).length);
  });

  it('draws the map at the positions of a layer, and keeps its sum', () => {
    const model = nets.pooled(createRng(3, 'pooled'), { size: 8, bias: false });
    const { target, by, observe } = question(model);
    const layer = model.layers.get('relu2')!;
    const [gradient] = g.grad(targetLogit(model, target), [layer]);
    const relevance = g.reduceSum(g.mul(gradient, layer), [1], true);
    const [atTarget, byName, atFirst, expected] = observe(image(model, 3), 1, [
      by(name, { at: 'target' }),
      by(name, { at: 'relu2' }),
      by(name, { at: 'relu1' }),
      g.mul(g.resize(relevance, [8, 8]), 1 / 4),
    ]);
    expect(atTarget.shape).toEqual([1, 1, 8, 8]);
    expect(atTarget.data).toEqual(expected.data);
    expect(byName.data).toEqual(expected.data);
    const total = observe(image(model, 3), 1, [g.reduceSum(relevance)])[0].data[0];
    expect(sumOf(atTarget.data)).toBeCloseTo(total, 9);
    expect(sumOf(atFirst.data)).toBeCloseTo(total, 6);
  });

  it.each([
    [{ layer: 'relu9' }, /no layer 'relu9'; it has .*relu1 \(6x6\)/],
    [{ at: 'relu9' }, /no layer 'relu9'/],
    [{ position: [6, 0] }, /position \[6,0\] lies outside the 6x6 grid of layer 'relu2'/],
    [{ position: [0, 0], at: 'target' }, /at: a position of layer 'relu2' is but itself there/],
    [{ layer: 'relu1', at: 'relu2' }, /'relu2' does not lie between the picture and layer 'relu1'/],
  ])('refuses %j', (options, message) => {
    const { by } = question(nets.plain(createRng(3, 'plain')));
    expect(() => by(name, options)).toThrow(message);
  });
});

describe('second derivatives', () => {
  const cases: [string, Record<string, unknown>][] = [
    ['convnext', {}],
    ['gated', {}],
    ['tokens', {}],
    ['tokens', { layer: 'gelu2-last', position: [1, 0] }],
    ['convnext', { at: 'gelu1-last' }],
    ['convnext', { bias: 'renormalise' }],
    ['pooled', { pooling: 'proportional', bias: 'renormalise' }],
    ['pooled', { at: 'target' }],
  ];
  it.each(cases)('on the %s net with %j agree with central differences', (net, options) => {
    const model =
      net in routedNets
        ? routedNets[net](createRng(4, net))
        : nets[net](createRng(4, net), { activation: (x) => g.softplus(x, 3) });
    const { by, observe } = question(model);
    const map = by('srd-apop', options);
    const rng = createRng(8, net);
    const draw = (shape: readonly number[]) =>
      g.constant(
        Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
        shape,
      );
    const scalar = g.reduceSum(g.mul(map, draw([1, ...(map.shape.slice(1) as number[])])));
    const [slope] = g.grad(scalar, [model.pixels]);
    const pixels = image(model, 5);
    const gradient = observe(pixels, 1, [slope])[0].data;
    const direction = gradient.map(() => rng.normal());
    const moved = (h: number) =>
      observe({ ...pixels, data: pixels.data.map((v, i) => v + h * direction[i]) }, 1, [scalar])[0].data[0];
    const h = 1e-6;
    const difference = (moved(h) - moved(-h)) / (2 * h);
    const expected = gradient.reduce((s, v, i) => s + v * direction[i], 0);
    const scale = gradient.reduce((s, v, i) => s + Math.abs(v * direction[i]), 0) + 1e-6;
    expect(Math.abs(difference - expected)).toBeLessThan(1e-4 * scale);
  });
});
