import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';
import { createRandomiser, layersBetween, representationOf, weightLayers, type Model } from '../../src/model/model.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { createRng } from '../../src/numeric/random.ts';

const rng = createRng(0, 'weights');
const values = (...shape: number[]) =>
  g.constant(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    shape,
  );

/** Two convolutions, the second in two groups and without a bias or name, and a dense layer. */
function net(): Model {
  const pixels = g.input('pixels', ['N', 3, 8, 8]);
  const first = g.named(g.relu(g.named(g.conv(pixels, values(8, 3, 5, 5), values(8)), 'first')), 'act');
  const second = g.relu(g.conv(first, values(20, 4, 3, 3), undefined, { groups: 2 }));
  const logits = g.named(g.dense(g.reshape(second, ['N', 80]), values(80, 50), values(50)), 'head');
  const layers = layersBetween(pixels, logits);
  return { name: 'net', pixels, input: pixels, logits, layers, size: [8, 8], classes: 50, notes: [], hash: 'net' };
}

const model = net();
const names = [...weightLayers(model).keys()];
const constantsOf = (m: Model, name: string) =>
  weightLayers(m)
    .get(name)!
    .inputs.slice(1)
    .map((node) => (node as g.Node & { op: 'constant' }).attrs.data);
const randomise = createRandomiser(model, 7);

it('lists layers with weights in topological order, giving a name to those without', () => {
  expect(names).toEqual(['first', expect.stringMatching(/^conv#\d+$/), 'head']);
});

describe('fresh weights', () => {
  const copy = randomise({ layers: names, weights: 'fresh' });
  it.each([
    ['first', 3 * 25],
    [names[1], 4 * 9],
    ['head', 80],
  ])('of %s spread evenly within one over the square root of its %d inputs', (name, inputs) => {
    const [weight] = constantsOf(copy, name);
    const bound = 1 / Math.sqrt(inputs);
    const largest = Math.max(...Array.from(weight, Math.abs));
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.98 * bound);
    const variance = Array.from(weight).reduce((s, w) => s + w * w, 0) / weight.length;
    expect(variance / (bound ** 2 / 3)).toBeGreaterThan(0.85);
    expect(variance / (bound ** 2 / 3)).toBeLessThan(1.15);
  });

  it('come with biases of the same kind, where the layer has one', () => {
    const [, bias] = constantsOf(copy, 'head');
    expect(new Set(bias).size).toBe(50);
    expect(Math.max(...Array.from(bias, Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(80));
    expect(constantsOf(copy, names[1])).toHaveLength(1);
  });
});

it('shuffled weights are the layer own in another order', () => {
  const [before, after] = [model, randomise({ layers: ['head'], weights: 'shuffled' })].map((m) =>
    constantsOf(m, 'head'),
  );
  before.forEach((own, i) => {
    expect(after[i]).not.toEqual(own);
    expect(after[i].toSorted()).toEqual(own.toSorted());
  });
});

describe('a copy', () => {
  it('keeps what was not chosen, names and the original model', () => {
    const untouched = constantsOf(model, 'head');
    const copy = randomise({ layers: ['head'], weights: 'fresh' });
    expect([...copy.layers.keys()]).toEqual([...model.layers.keys()]);
    expect(constantsOf(copy, 'first')).toEqual(constantsOf(model, 'first'));
    expect(constantsOf(copy, 'first')[0]).toBe(constantsOf(model, 'first')[0]);
    expect(constantsOf(model, 'head')).toEqual(untouched);
    expect(copy.layers.get('act')).toBe(model.layers.get('act'));
  });

  it('shares its random layers with other copies, and depends on seed and layer alone', () => {
    const all = randomise({ layers: names, weights: 'fresh' });
    const one = randomise({ layers: ['head'], weights: 'fresh' });
    expect(constantsOf(one, 'head')[0]).toBe(constantsOf(all, 'head')[0]);
    const again = createRandomiser(net(), 7)({ layers: ['head'], weights: 'fresh' });
    expect(constantsOf(again, 'head')).toEqual(constantsOf(one, 'head'));
    const other = createRandomiser(model, 8)({ layers: ['head'], weights: 'fresh' });
    expect(constantsOf(other, 'head')).not.toEqual(constantsOf(one, 'head'));
  });

  it('cannot be made of a layer that is not there', () => {
    const wrong = () => randomise({ layers: ['act'], weights: 'fresh' });
    expect(wrong).toThrow(UserError);
    expect(wrong).toThrow("no layer with weights 'act'; it has first, conv#");
  });
});

describe('the inner representation', () => {
  it('is the input of the last layer with weights, or a named layer', () => {
    expect(representationOf(model)).toBe(weightLayers(model).get('head')!.inputs[0]);
    expect(representationOf(model, 'act')).toBe(model.layers.get('act'));
  });

  it('must be there', () => {
    expect(() => representationOf(model, 'nowhere')).toThrow("no layer 'nowhere'; it has first, act");
  });
});
