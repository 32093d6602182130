import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine/reference.ts';
import { gradCam } from '../../src/explainers/grad-cam.ts';
import { asPicture, convolutionalLayer, joinedActivations, targetLayer } from '../../src/explainers/layers.ts';
import * as g from '../../src/graph/index.ts';
import { featureAxis, gridOf, layersBetween, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { nets } from './nets.ts';
import { routedNets } from './srd/routed-nets.ts';

const weights = (...shape: number[]) => g.constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);

/** A model whose last feature map is made by a function of the picture. */
function modelOf(features: (x: g.Node) => g.Node): Model {
  const pixels = g.input('pixels', ['N', 3, 6, 6]);
  const logits = g.dense(g.reduceMean(features(pixels), [2, 3]), weights(4, 2));
  const layers = layersBetween(pixels, logits);
  return { name: 'sketch', pixels, input: pixels, logits, layers, size: [6, 6], classes: 2, notes: [], hash: '' };
}

describe('the default target layer', () => {
  it.each([
    [nets.pooled, 'relu2'],
    [nets.joint, 'concat'],
    [nets.skip, 'relu3'],
    [routedNets.gated, 'swish3'],
    // The last activation is passed by: the sum behind it takes its place.
    [routedNets.convnext, 'block2'],
    [routedNets.tokens, 'block2-last'],
  ])('%#: %s', (make, name) => {
    expect(targetLayer(make(createRng(1))).name).toBe(name);
  });

  it('is a concatenation within a concatenation', () => {
    const nested = modelOf((x) => {
      const branch = () => g.relu(g.conv(x, weights(1, 3, 1, 1)));
      return g.named(g.concat([branch(), g.concat([branch(), branch()], 1), branch()], 1), 'mixed');
    });
    expect(targetLayer(nested).name).toBe('mixed');
  });
});

it('a concatenation of an activation and something else is no joined activation', () => {
  const x = g.input('x', ['N', 3, 6, 6]);
  const both = (second: g.Node) => joinedActivations(g.concat([g.relu(x), second], 1));
  expect(both(g.gelu(x))?.map(({ op }) => op)).toEqual(['relu', 'gelu']);
  expect(both(x)).toBeUndefined();
});

it('feature maps are asked for where tokens do not do', () => {
  const model = routedNets.tokens(createRng(1));
  expect(() => convolutionalLayer(model)).toThrow(/'block2-last' of model 'tokens' is \[N,5,4\]/);
  expect(convolutionalLayer(nets.plain(createRng(1))).name).toBe('relu2');
});

it('Grad-CAM takes the tokens of a transformer as a picture', () => {
  const model = routedNets.tokens(createRng(1), { bias: false });
  const target = g.input('target', ['N', 4]);
  const map = gradCam.attribution({ model, target, options: {} });
  expect(map.shape).toEqual(['N', 1, 4, 4]);
});

describe('the axis of features', () => {
  const x = g.conv(g.input('x', ['N', 3, 6, 4]), weights(5, 3, 1, 1));
  const last = g.transpose(x, [0, 2, 3, 1]);
  const tokens = g.transpose(g.reshape(x, ['N', 5, 24]), [0, 2, 1]);
  it.each<[string, g.Node, number]>([
    ['a convolution', x, 1],
    ['behind a transposition', last, 3],
    ['a dense layer on [N,H,W,C]', g.relu(g.dense(last, weights(5, 7))), 3],
    ['back again', g.transpose(g.dense(last, weights(5, 7)), [0, 3, 1, 2]), 1],
    ['resized: a dense layer along the width', g.dense(x, weights(4, 8)), 1],
    ['resized', g.resize(x, [12, 8]), 1],
    ['flat positions', g.reshape(x, ['N', 5, 24]), 1],
    ['tokens', g.gelu(tokens), 2],
    ['tokens behind a constant one', g.concat([g.expand(weights(1, 1, 5), ['N', 1, 5]), tokens], 1), 2],
    ['tokens as a picture', g.reshape(tokens, ['N', 6, 4, 5]), 3],
    ['tokens that attended', g.matmul(g.softmax(g.matmul(tokens, g.reshape(x, ['N', 5, 24]))), tokens), 2],
    ['a vector', g.reduceMean(x, [2, 3]), 1],
    ['a flattened picture', g.reshape(x, ['N', 120]), 1],
  ])('%s', (_, node, axis) => {
    expect(featureAxis(node)).toBe(axis);
  });
});

describe('the grid of positions', () => {
  const tokens = (count: number) => g.input('x', ['N', count, 5]);
  it.each<[number, [number, number], ReturnType<typeof gridOf>]>([
    [196, [224, 224], { rows: 14, columns: 14, extra: 0 }],
    [197, [224, 224], { rows: 14, columns: 14, extra: 1 }],
    [198, [224, 224], { rows: 14, columns: 14, extra: 2 }],
    [8, [32, 64], { rows: 2, columns: 4, extra: 0 }],
    [9, [64, 32], { rows: 4, columns: 2, extra: 1 }],
    [215, [224, 224], undefined],
  ])('of %d tokens, pictures of %j', (count, size, grid) => {
    expect(gridOf(tokens(count), size)).toEqual(grid);
  });

  it('leaves the class token out of the picture', () => {
    const model = { ...nets.plain(createRng(1)), size: [4, 4] as const };
    const layer = g.input('x', ['N', 5, 2]);
    const value = g.constant(Float64Array.of(9, 9, 1, 5, 2, 6, 3, 7, 4, 8), [1, 5, 2]);
    const [picture] = evaluate([asPicture(model, layer, value)], {});
    expect(picture.shape).toEqual([1, 2, 2, 2]);
    expect([...picture.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
