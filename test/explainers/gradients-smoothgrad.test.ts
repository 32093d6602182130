import { describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { readEntry } from '../../src/experiment/config/entries.ts';
import { builtIn } from '../../src/experiment/definitions.ts';
import { attributionOf } from '../../src/experiment/programs.ts';
import { defineExplainer, explainers, isWhiteBox, type AttributionOf } from '../../src/explainers/index.ts';
import { smoothgrad } from '../../src/explainers/smoothgrad.ts';
import * as g from '../../src/graph/index.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { attentionNets, nets as plainNets } from './nets.ts';

const nets = { ...plainNets, ...attentionNets };

const chosen: Value = { shape: [1, 4], data: Float64Array.of(0, 1, 0, 0) };
const image = (seed: number): Value => {
  const rng = createRng(seed, 'image');
  return { shape: [1, 3, 6, 6], data: Float64Array.from({ length: 108 }, () => rng.uniform()) };
};

/** A plug-in's explainer is wrapped like any other. */
const plugIn = defineExplainer({
  name: 'mine',
  title: 'Mine',
  paper: 'mine',
  options: smoothgrad.options,
  attribution: ({ model }) => g.mul(model.pixels, model.pixels),
});
const known = {
  definitions: { ...builtIn, explainers: [...explainers, plugIn] as typeof explainers },
  origins: new Map(),
};

/** An explainer as a config names it. */
function read(value: unknown) {
  const at = (path: readonly PropertyKey[]) => path.map(String).join('.');
  const source = {
    file: 'config',
    value,
    at,
    atKey: (path: readonly PropertyKey[], key: string) => at([...path, key]),
  };
  return readEntry('explainers', value, { source, path: [] }, known);
}
const attribution = (value: unknown): AttributionOf => attributionOf(read(value))!;

const [samples, noise, seed] = [3, 0.2, 5];
const smoothed = (of: unknown, statistic = 'mean') =>
  attribution({ use: 'smoothgrad', of, samples, noise, seed, statistic });

function setup(net: string, activation: (x: g.Node) => g.Node = g.relu) {
  const model = nets[net](createRng(1, 'smoothgrad'), { normalise: true, activation });
  const target = g.input('target', ['N', 4]);
  const run = (node: g.Node, pixels: Value) =>
    evaluate(
      [node],
      new Map([
        [model.pixels, pixels],
        [target, chosen],
      ]),
      1,
    )[0].data;
  return { model, target, run };
}

/** The maps of the noisy pictures, one by one. */
function mapsOf(explain: AttributionOf, net: string, pixels: Value): number[][] {
  const { model, target, run } = setup(net);
  const rng = createRng(seed, 'smoothgrad');
  const map = explain(model, target);
  return Array.from({ length: samples }, () =>
    Array.from(run(map, { ...pixels, data: pixels.data.map((v) => v + Math.fround(noise * rng.normal())) })),
  );
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const written: Record<string, (values: readonly number[]) => number> = {
  mean,
  square: (values) => mean(values.map((v) => v * v)),
  variance: (values) => mean(values.map((v) => (v - mean(values)) ** 2)),
};

const wrapped = explainers
  .filter((e) => isWhiteBox(e) && e.name !== 'smoothgrad')
  .map(({ name }) => (name === 'ig' ? { use: name, steps: 3 } : { use: name }));

/** A net that an explainer is made for. */
function netFor({ use }: { readonly use: string }): string {
  const fits = (net: string) => {
    const { model, target } = setup(net);
    try {
      attribution(use)(model, target);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  };
  return ['joint', 'transformer'].find(fits)!;
}

describe('smoothgrad', () => {
  it.each(Object.keys(written))('of the gradient is the %s of the noisy pictures, one by one', (statistic) => {
    const { model, target, run } = setup('pooled');
    const got = run(smoothed('gradient', statistic)(model, target), image(1));
    const maps = mapsOf(attribution('gradient'), 'pooled', image(1));
    got.forEach((v, i) => expect(v).toBeCloseTo(written[statistic](maps.map((map) => map[i])), 10));
    expect(got.some((v) => Math.abs(v) > 1e-3)).toBe(true);
  });

  it.each([...wrapped, { use: 'mine' }])('of $use is the mean of its maps, loop in loop or not', async (of) => {
    const net = netFor(of);
    const { model, target, run } = setup(net);
    const node = smoothed(of)(model, target);
    const maps = mapsOf(attribution(of), net, image(2));
    const expected = maps[0].map((_, i) => mean(maps.map((map) => map[i])));
    run(node, image(2)).forEach((v, i) => expect(v).toBeCloseTo(expected[i], 8));
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    const program = engine.compile({ node });
    const feeds = [image(2), chosen].map(({ shape, data }) => tensor(shape, Float32Array.from(data)));
    const { node: native } = await program.run({ pixels: feeds[0], target: feeds[1] });
    const scale = expected.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    native.data.forEach((v, i) => expect(Math.abs(v - expected[i])).toBeLessThan(1e-4 * scale));
    await engine.release();
  });

  it.each(['ig', 'srd', 'score-cam'])('of %s can be differentiated again', (of) => {
    const { model, target, run } = setup('pooled', (x) => g.softplus(x, 3));
    const options = of === 'ig' ? { use: of, steps: 3 } : of;
    const map = smoothed(options)(model, target);
    const rng = createRng(3);
    const shape = map.shape.slice(1) as number[];
    const weights = g.constant(
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
      [1, ...shape],
    );
    const scalar = g.reduceSum(g.mul(map, weights));
    const slope = run(g.grad(scalar, [model.pixels])[0], image(3));
    const direction = slope.map(() => rng.normal());
    const h = 1e-5;
    const at = (step: number) =>
      run(scalar, { ...image(3), data: image(3).data.map((v, i) => v + step * direction[i]) })[0];
    const expected = slope.reduce((s, v, i) => s + v * direction[i], 0);
    expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(expected, 5);
    expect(Math.abs(expected)).toBeGreaterThan(1e-3);
  });

  it('without noise is the explainer itself, and varies by nothing', () => {
    const { model, target, run } = setup('pooled');
    const still = (statistic: string) =>
      run(attribution({ use: 'smoothgrad', of: 'srd', samples, noise: 0, statistic })(model, target), image(4));
    const map = run(attribution('srd')(model, target), image(4));
    still('mean').forEach((v, i) => expect(v).toBeCloseTo(map[i], 12));
    expect(still('variance').every((v) => Math.abs(v) < 1e-15)).toBe(true);
  });

  it('draws the same noise for the same seed only', () => {
    const { model, target, run } = setup('pooled');
    const by = (own: number) => run(attribution({ use: 'smoothgrad', samples, seed: own })(model, target), image(5));
    expect(by(1)).toEqual(by(1));
    expect(by(1)).not.toEqual(by(2));
  });
});

describe('the explainer that smoothgrad is of', () => {
  it('is read with its options', () => {
    expect(read({ use: 'smoothgrad', of: { use: 'ig', steps: 7 } }).wrapped).toMatchObject({
      name: 'ig',
      options: { steps: 7, baseline: 'black' },
    });
    expect(read('smoothgrad').wrapped).toMatchObject({ name: 'gradient' });
    expect(read({ use: 'smoothgrad', of: { use: 'smoothgrad', of: 'srd' } }).wrapped?.wrapped?.name).toBe('srd');
  });

  it.each([
    [{ use: 'smoothgrad', of: 'grad-kam' }, 'of: no explainer "grad-kam"; did you mean "grad-cam"?'],
    [{ use: 'smoothgrad', of: { use: 'ig', stepps: 3 } }, 'of.stepps: unknown key "stepps"; did you mean "steps"?'],
    [
      { use: 'smoothgrad', of: 'random' },
      'of: smoothgrad needs an explainer that is a graph, and random is a black box',
    ],
  ])('is refused with its place and what to do: %j', (value, message) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ name: 'UserError', message }) as Error);
  });

  it('has to be given where it is only named', () => {
    const { model, target } = setup('plain');
    const options = smoothgrad.options.parse({ of: 'srd' });
    expect(() => smoothgrad.attribution({ model, target, options })).toThrow('smoothgrad: the explainer to smooth');
  });
});
