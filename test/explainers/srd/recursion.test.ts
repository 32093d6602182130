import { describe, expect, it } from 'vitest';
import { targetLogit } from '../../../src/explainers/explainer.ts';
import { targetLayer } from '../../../src/explainers/layers.ts';
import { routing } from '../../../src/explainers/routing.ts';
import * as g from '../../../src/graph/index.ts';
import { gridOf, type Model } from '../../../src/model/model.ts';
import { createRng } from '../../../src/numeric/random.ts';
import { nets } from '../nets.ts';
import { image, overChannels, question, sumOf } from './observe.ts';
import { axisOf, dot, Recursion, vectorAt } from './recursion.ts';
import { routedNets } from './routed-nets.ts';

// The joint net starts at a concatenation, which is one feature vector there: see options.test.ts.
const plainNets = Object.keys(nets).filter((net) => net !== 'joint');
const all: Record<string, () => Model> = Object.fromEntries([
  ...plainNets.map((net) => [net, () => nets[net](createRng(7, net), { size: 4, normalise: net === 'skip' })]),
  ...Object.keys(routedNets).map((net) => [net, () => routedNets[net](createRng(7, net))]),
]) as Record<string, () => Model>;

const difference = (a: ArrayLike<number>, b: Float64Array): number =>
  Math.max(...b.map((v, i) => Math.abs(a[i] - v))) / Math.max(...b.map(Math.abs));

describe.each(['srd', 'srd-apop'] as const)('%s equals the forward recursion of receptive fields', (name) => {
  it.each(Object.entries(all))('on the %s net', (_, make) => {
    const model = make();
    const pixels = image(model, 3);
    const { target, by, observe } = question(model);
    const layer = targetLayer(model);
    const logit = targetLogit(model, target);
    const [gradient] = g.backward([logit], [g.full(logit, 1)], [layer], routing(model));
    const [attribution, t, a] = observe(pixels, 1, [by(name), gradient, layer]);
    const fields = new Recursion(model, pixels, name).fieldsOf(layer);
    const expected = new Float64Array(model.size[0] * model.size[1]);
    fields.forEach((field, p) => {
      const relevance = dot(vectorAt(t, p, axisOf(layer)), vectorAt(a, p, axisOf(layer)));
      field.forEach((v, i) => (expected[i] += relevance * v));
    });
    expect(difference(overChannels(attribution), expected)).toBeLessThan(1e-10);
  });

  it.each(Object.entries(all))('at positions of every layer of the %s net', (_, make) => {
    const model = make();
    const pixels = image(model, 4);
    const { by, observe } = question(model);
    const recursion = new Recursion(model, pixels, name);
    const activations = [...model.layers].filter(
      ([key, node]) => /^(relu|squeeze|expand|gelu|swish|block)/.test(key) && node.shape.length > 2,
    );
    for (const [key, layer] of activations) {
      const { rows, columns, extra } = gridOf(layer, model.size)!;
      if (rows * columns === 1) continue;
      const fields = recursion.fieldsOf(layer);
      for (const [row, column] of [
        [0, 0],
        [rows - 1, Math.floor(columns / 2)],
      ]) {
        const expected = fields[extra + row * columns + column];
        const [field] = observe(pixels, 0, [by(name, { layer: key, position: [row, column] })]);
        if (expected.every((v) => v === 0)) expect(sumOf(field.data.map(Math.abs))).toBe(0);
        else expect(difference(overChannels(field), expected)).toBeLessThan(1e-10);
      }
    }
  });
});

it('a field vanishes outside the theoretical receptive field', () => {
  const model = nets.plain(createRng(3, 'plain'), { size: 6 });
  const { by, observe } = question(model);
  for (let p = 0; p < 36; p++) {
    const place = [Math.floor(p / 6), p % 6];
    const [field] = observe(image(model, 3), 0, [by('srd-apop', { position: place })]);
    // Two 3x3 convolutions see two pixels to each side.
    overChannels(field).forEach((v, i) => {
      if (Math.max(Math.abs(place[0] - Math.floor(i / 6)), Math.abs(place[1] - (i % 6))) > 2) expect(v).toBe(0);
    });
  }
});
