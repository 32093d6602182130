import { afterAll, describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { explainers } from '../../src/explainers/index.ts';
import type { AttributionOf, WhiteBoxExplainer } from '../../src/explainers/index.ts';
import { cellMap, gridOf } from '../../src/fooling/cells.ts';
import { fool } from '../../src/fooling/fool.ts';
import { foolings, topCells, type FoolingName } from '../../src/fooling/losses.ts';
import { measureFooling } from '../../src/fooling/measure.ts';
import { runnerUp } from '../../src/fooling/observe.ts';
import { foolingState, foolingStep } from '../../src/fooling/step.ts';
import { trainable, writeTrained } from '../../src/fooling/trainable.ts';
import * as g from '../../src/graph/index.ts';
import { modelOf } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { oneHot, stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { next } from '../../src/train/step.ts';
import { nets } from '../explainers/nets.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
const slow = createReferenceEngine();
afterAll(() => engine.release());

const attributionBy = (name: string, options: object = {}): AttributionOf => {
  const definition = explainers.find((e) => e.name === name) as WhiteBoxExplainer;
  return (model, target) => definition.attribution({ model, target, options: definition.options.parse(options) });
};
const model = nets.pooled(createRng(5, 'fooling'), { size: 16, normalise: true });
const rng = createRng(6, 'fooling');
const random = (...shape: number[]): Tensor =>
  tensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.uniform()),
  );

describe('a map of cells', () => {
  it('sums absolute values over the pixels of a cell, and is 1 at its largest', async () => {
    const x = g.input('x', ['N', 3, 16, 16]);
    const values = tensor(
      [1, 3, 16, 16],
      Float32Array.from({ length: 768 }, () => rng.normal()),
    );
    const { data, shape } = (await slow.compile({ map: cellMap(x, [16, 16]) }).run({ x: values })).map;
    const sums = Array.from({ length: 64 }, (_, cell) => {
      let sum = 0;
      for (let c = 0; c < 3; c++)
        for (let dy = 0; dy < 2; dy++)
          for (let dx = 0; dx < 2; dx++)
            sum += Math.abs(values.data[c * 256 + (2 * Math.floor(cell / 8) + dy) * 16 + 2 * (cell % 8) + dx]);
      return sum;
    });
    expect(shape).toEqual([1, 1, 8, 8]);
    sums.forEach((v, i) => expect(data[i]).toBeCloseTo(v / Math.max(...sums), 6));
  });

  it('has a cell a pixel where the picture is small', () => expect(gridOf([12, 14])).toEqual([12, 14]));
});

describe('the losses', () => {
  const size = [4, 5] as const;
  const maps = Array.from({ length: 4 }, () => Float64Array.from(random(20).data));
  const [after, before] = [
    { label: maps[0], other: maps[1] },
    { label: maps[2], other: maps[3], top: topCells(maps[2]) },
  ];
  const nodeOf = (map: Float64Array) => g.constant(map, [1, 1, ...size]);
  const nodes = {
    after: { label: nodeOf(after.label), other: nodeOf(after.other) },
    before: { label: nodeOf(before.label), other: nodeOf(before.other), top: nodeOf(before.top) },
  };
  const lossOf = async (name: FoolingName) =>
    (await slow.compile({ loss: foolings[name](size, 'frame').loss(nodes.after, nodes.before) }).run({})).loss.data[0];
  const measureOf = (name: FoolingName) => foolings[name](size, 'frame').measure(after, before);
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

  it('of location is the mean squared difference from the region', async () => {
    const frame = (i: number) => (i % 5 === 0 || i % 5 === 4 || i < 5 || i >= 15 ? 1 : 0);
    const expected = sum(after.label.map((v, i) => (v - frame(i)) ** 2)) / 20;
    expect(await lossOf('location')).toBeCloseTo(expected, 6);
    expect(measureOf('location')).toBeCloseTo(expected, 12);
  });

  it('of top-k is the mean square on the cells that were the highest', async () => {
    const highest = [...before.label.keys()].sort((i, j) => before.label[j] - before.label[i]).slice(0, 2);
    const expected = sum(highest.map((i) => after.label[i] ** 2)) / 2;
    expect(await lossOf('top-k')).toBeCloseTo(expected, 6);
    expect(measureOf('top-k')).toBeCloseTo(expected, 12);
  });

  it('of mass-centre falls as the centre of mass goes away', async () => {
    const centre = (map: Float64Array) =>
      [(i: number) => Math.floor(i / 5), (i: number) => i % 5].map(
        (at) => sum(map.map((v, i) => v * at(i))) / sum(map),
      );
    const [is, was] = [centre(after.label), centre(before.label)];
    const expected = Math.hypot(is[0] - was[0], is[1] - was[1]) / Math.SQRT2 / 4;
    expect(measureOf('mass-centre')).toBeCloseTo(expected, 12);
    expect(await lossOf('mass-centre')).toBeCloseTo(-expected, 2);
  });

  it('of swap are 0 where the maps have changed places, and its measure is then large', async () => {
    const loss = foolings.swap().loss({ label: nodes.before.other, other: nodes.before.label }, nodes.before);
    expect((await slow.compile({ loss }).run({})).loss.data[0]).toBe(0);
    expect(await lossOf('swap')).toBeGreaterThan(0.01);
    const swapped = foolings.swap().measure({ label: before.other, other: before.label }, before);
    expect(swapped).toBeGreaterThan(measureOf('swap'));
    expect(foolings.swap().measure(before, before)).toBeCloseTo(-swapped, 12);
  });
});

describe('a model with weights as inputs', () => {
  it('comes back as it was, and by the weights that are put in', async () => {
    const tuned = trainable(model);
    const pixels = random(2, 3, 16, 16);
    const logitsOf = async (values: typeof tuned.initial) => {
      const read = modelOf(writeTrained(tuned, values), 'tuned.onnx', { preprocessing: 'none' });
      const input = pixels.data.map((v) => 4 * v - 2);
      return (await slow.compile({ logits: read.logits }).run({ pixels: { ...pixels, data: input } })).logits.data;
    };
    const expected = (await slow.compile({ logits: model.logits }).run({ pixels })).logits.data;
    (await logitsOf(tuned.initial)).forEach((v, i) => expect(v).toBeCloseTo(expected[i], 5));
    const [[name, first]] = Object.entries(tuned.initial);
    const moved = await logitsOf({ ...tuned.initial, [name]: { ...first, data: first.data.map((v) => 2 * v) } });
    expect(Math.abs(moved[0] - expected[0])).toBeGreaterThan(1e-3);
  });
});

describe('a step', () => {
  const feeds = {
    pixels: random(1, 3, 16, 16),
    label: oneHot(1, 4),
    other: oneHot(2, 4),
    labelBefore: random(1, 1, 8, 8),
    otherBefore: random(1, 1, 8, 8),
    top: tensor([1, 1, 8, 8], topCells(Float64Array.from(random(64).data))),
    rate: tensor([], [1e-3]),
  };

  it.each([
    ['grad-cam', 'location'],
    ['gradient', 'top-k'],
    ['lrp', 'mass-centre'],
    ['srd-apop', 'swap'],
    ['ig', 'location'],
  ] as const)('moves the weights by the derivative of the loss through %s, %s', async (explainer, name) => {
    const tuned = trainable(nets.pooled(createRng(5, 'fooling'), { size: 16, activation: (x) => g.softplus(x, 5) }));
    const options = { lrp: { composite: 'epsilon-plus' }, ig: { steps: 2 } }[explainer as string] ?? {};
    const fooling = foolings[name]([8, 8], 'frame');
    const outputs = foolingStep(tuned, attributionBy(explainer, options), fooling, { batch: 1, weight: 3 });
    const program = slow.compile(outputs);
    const state = foolingState(tuned);
    const [layer] = [...tuned.parameters.keys()];
    const result = await program.run({ ...feeds, ...state });
    // Of Adam's first step, the first moment is a tenth of the gradient.
    const gradient = result[next(`${layer}.first`)].data.map((v) => 10 * v);
    const at = gradient.findIndex((v) => Math.abs(v) > 1e-2);
    const shifted = async (by: number) => {
      const { shape, data } = tuned.initial[layer];
      const moved = { shape, data: data.map((v, i) => (i === at ? v + by : v)) };
      return (await program.run({ ...feeds, ...state, [layer]: moved })).loss.data[0];
    };
    const slope = ((await shifted(2 ** -8)) - (await shifted(-(2 ** -8)))) / 2 ** -7;
    expect(at).toBeGreaterThanOrEqual(0);
    expect(gradient[at] / slope).toBeCloseTo(1, 1);
    expect(result.loss.data[0]).toBeCloseTo(result.crossEntropy.data[0] + 3 * result.fooling.data[0], 4);
  });
});

describe('fooling a net', () => {
  it('moves the maps of other pictures and keeps the predictions', async () => {
    const attribution = attributionBy('gradient');
    const fooling = foolings.location(gridOf(model.size), 'frame');
    const pictures = Array.from({ length: 24 }, () => random(3, 16, 16));
    const { logits } = await engine.compile({ logits: model.logits }).run({ pixels: stack(pictures) });
    const labels = pictures.map((_, i) => {
      const own = logits.data.subarray(4 * i, 4 * i + 4);
      return own.indexOf(Math.max(...own));
    });
    const set = { count: 16, picture: (i: number) => ({ image: pictures[i], label: labels[i] }) };
    const losses: number[] = [];
    const settings = { steps: 40, batch: 8, rate: 0.02, weight: 20, seed: 0 };
    const bytes = await fool(engine, model, attribution, fooling, set, settings, {
      onStep: ({ fooling: loss }) => losses.push(loss),
    });
    const normalised = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
    const after = modelOf(bytes!, 'fooled.onnx', { preprocessing: normalised });
    const pixels = stack(pictures.slice(16));
    const explained = await runnerUp(engine, model)(pixels, labels.slice(16));
    const result = await measureFooling(engine, [model, after], attribution, fooling, explained);
    const unmoved = await measureFooling(engine, [model, model], attribution, fooling, explained);
    expect(losses.at(-1)!).toBeLessThan(0.7 * losses[0]);
    expect(result.measure).toBeLessThan(0.8 * unmoved.measure);
    expect(result.pearson).toBeLessThan(0.9);
    expect(unmoved.pearson).toBeCloseTo(1, 6);
    expect(result.fooledBefore).toBe(unmoved.fooled);
    expect(explained.right).toBe(8);
    expect((await runnerUp(engine, after)(pixels, labels.slice(16))).right).toBeGreaterThanOrEqual(7);
  });

  it('stops where it is told to', async () => {
    const set = { count: 1, picture: () => ({ image: random(3, 16, 16), label: 0 }) };
    const settings = { steps: 5, batch: 1, rate: 0.01, weight: 1, seed: 0 };
    const fooling = foolings['top-k']();
    const stop = { signal: AbortSignal.abort() };
    expect(await fool(engine, model, attributionBy('gradient'), fooling, set, settings, stop)).toBeUndefined();
  });
});
