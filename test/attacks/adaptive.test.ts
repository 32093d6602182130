import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { correlation } from '../../attacks/map-distance.ts';
import { runAttack } from '../../attacks/index.ts';
import { scene } from '../../src/data/scenes.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { evaluate, value } from '../../src/engine/reference.ts';
import { explainers, isWhiteBox } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { loadModel, type Model } from '../../src/model/model.ts';
import { toHeatmap } from '../../src/numeric/heatmap.ts';
import { createRng } from '../../src/numeric/random.ts';
import { pearson } from '../../src/numeric/statistics.ts';
import { argMax, at, batchOf, oneHot, type Tensor } from '../../src/numeric/tensor.ts';
import { attackOf, toyAttacks } from './toy.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());

const attributionOf = (name: string) => {
  const explainer = explainers.filter(isWhiteBox).find((e) => e.name === name)!;
  const options = explainer.options.parse(name === 'lrp' ? { composite: 'epsilon-plus' } : {});
  return (model: Model, target: Node) => explainer.attribution({ model, target, options });
};

describe('the correlation of maps', () => {
  const [a, b] = ['a', 'b'].map((name) => g.input(name, ['N', 1, 2, 3]));
  const node = correlation(a, b);
  const [slope] = g.grad(node, [a]);
  const of = (x: number[], y: number[]) =>
    evaluate([node, slope], { a: value([1, 1, 2, 3], x), b: value([1, 1, 2, 3], y) }).map(({ data }) =>
      Array.from(data),
    );
  const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
  const spread = (x: number[]) => Math.max(...x) - Math.min(...x) > 0.1;

  it('is that of the metric, with the slope of central differences', () =>
    fc.assert(
      fc.property(values.filter(spread), values.filter(spread), (x, y) => {
        const [[r], gradient] = of(x, y);
        expect(r).toBeCloseTo(pearson(Float64Array.from(x), Float64Array.from(y)), 8);
        const moved = (i: number, d: number) =>
          of(
            x.map((v, k) => (k === i ? v + d : v)),
            y,
          )[0][0];
        gradient.forEach((g, i) => expect(g).toBeCloseTo((moved(i, 1e-5) - moved(i, -1e-5)) / 2e-5, 5));
      }),
      { numRuns: 30 },
    ));

  it('is 0 where a map is constant, and flat there', () => {
    const [[r], gradient] = of([2, 2, 2, 2, 2, 2], [1, 2, 3, 4, 5, 6]);
    expect(r).toBe(0);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

/** An attack on a model's explainers, and the correlation of each's map of a picture with a wanted one; -2 where the prediction is another. */
function gauntlet(model: Model, predict: (images: Tensor) => Promise<Tensor>) {
  const attack = attackOf('adaptive-manipulation');
  return {
    prepare: (name: string, options: object, surrogates?: string[]) =>
      attack.prepare({
        engine,
        model,
        attribution: attributionOf(name),
        surrogates: surrogates?.map(attributionOf),
        options: attack.options.parse(options),
      }),
    judge(name: string) {
      const map = attributionOf(name)(model, g.input('target', ['N', model.classes]));
      const program = engine.compile({ map });
      return async (image: Tensor, label: number, wanted: Tensor) => {
        if (argMax(at(await predict(batchOf(image)), 0).data) !== label) return -2;
        const { map } = await program.run({ pixels: batchOf(image), target: oneHot(label, model.classes) });
        const seen = toHeatmap(at(map, 0), { channels: 'abs-sum', sign: 'absolute', normalise: 'none' });
        return pearson(seen.values, Float64Array.from(wanted.data));
      };
    },
  };
}

describe('on a small net', () => {
  const { model, predict, victim, runOne } = toyAttacks(engine);
  const { prepare, judge } = gauntlet(model, predict);
  const options = { steps: 20, epsilon: 0.02, judgeEvery: 2 };
  const cases = [
    ['srd', ['srd-apop', 'lrp', 'gradient']],
    ['srd-apop', ['srd', 'lrp', 'guided-backprop']],
    ['grad-cam', ['gradient', 'lrp']],
  ] as const;

  it.each(cases)('does at least as well on %s as what transfers from %s', async (name, surrogates) => {
    const [own, helped] = [prepare(name, options), prepare(name, options, [...surrogates])];
    const transfers = surrogates.map((surrogate) => prepare(surrogate, options));
    const score = judge(name);
    for (let seed = 0; seed < 3; seed++) {
      const { target } = await victim(seed);
      const best = await runOne(helped, await victim(seed));
      const reached = await score(best.image, target, best.targetMap!);
      expect(best.labelChanged).toBe(false);
      expect(best.linf).toBeLessThanOrEqual(0.02 + 1e-6);
      for (const attack of [own, ...transfers]) {
        const { image } = await runOne(attack, await victim(seed));
        expect(reached).toBeGreaterThanOrEqual((await score(image, target, best.targetMap!)) - 1e-5);
      }
      // A run of the explainer's own, and two for each surrogate.
      expect(best.gradients).toBe(20 * (1 + 2 * surrogates.length));
    }
  });

  it('adds to its loss what the lead of the predicted logit is short of', async () => {
    for (let seed = 0; seed < 3; seed++) {
      const v = await victim(seed);
      const [second, first] = Array.from(at(await predict(batchOf(v.image)), 0).data)
        .sort((a, b) => a - b)
        .slice(-2);
      const lossOf = async (lead: number) =>
        (await runOne(prepare('gradient', { ...options, steps: 1, lead }), v)).losses![0];
      const without = await lossOf(0);
      expect((await lossOf(5)) - without).toBeCloseTo(Math.max(0, 5 - (first - second)), 4);
      expect((await lossOf(0.5 * (first - second))) - without).toBeCloseTo(0, 6);
    }
  });

  it('takes steps that fall as half a wave of the cosine does', async () => {
    // Of two steps the first is half a radius long, the second a quarter.
    const epsilon = 0.02;
    const attack = prepare('gradient', { epsilon, steps: 2, judgeEvery: 2, lead: 0 });
    let moved = 0;
    for (let seed = 0; seed < 4; seed++) {
      const v = await victim(seed);
      const { image } = await runOne(attack, v);
      const changes = image.data
        .map((p, i) => Math.abs(p - v.image.data[i]) / epsilon)
        .filter((d, i) => d > 0 && Math.abs(v.image.data[i] - 0.5) < 0.5 - epsilon);
      for (const d of changes) expect(Math.abs(Math.abs(d - 0.5) - 0.25)).toBeLessThan(1e-4);
      moved += changes.length;
    }
    expect(moved).toBeGreaterThan(300);
  });

  it('does no worse with restarts', async () => {
    const score = judge('srd');
    const [once, often] = [1, 3].map((restarts) => prepare('srd', { ...options, restarts }));
    for (let seed = 0; seed < 3; seed++) {
      const { target } = await victim(seed);
      const [one, three] = [await runOne(once, await victim(seed)), await runOne(often, await victim(seed))];
      const wanted = one.targetMap!;
      expect(await score(three.image, target, wanted)).toBeGreaterThanOrEqual(
        (await score(one.image, target, wanted)) - 1e-5,
      );
      expect(three.gradients).toBe(60);
    }
  });
});

it('moves SRD where the loss of the papers leaves it, in the same ball and steps', async () => {
  const file = fileURLToPath(new URL('../../zoo/scenes-vgg.onnx', import.meta.url));
  const model = await loadModel({
    file,
    preprocessing: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  });
  const logits = engine.compile({ logits: model.logits });
  const predict = async (pixels: Tensor) => (await logits.run({ pixels })).logits;
  const { prepare, judge } = gauntlet(model, predict);
  const papers = attackOf('targeted-manipulation');
  const ball = { epsilon: 8 / 255, steps: 40, judgeEvery: 10 };
  const attacks = [
    prepare('srd', ball),
    papers.prepare({
      engine,
      model,
      attribution: attributionOf('srd'),
      options: papers.options.parse({ ...ball, learningRate: 0.004, explanationWeight: 7e8 }),
    }),
  ];
  const images = [0, 2].map((i) => scene(0, 'test', i).image);
  const victims = await Promise.all(
    images.map(async (image) => ({
      image,
      target: argMax(at(await predict(batchOf(image)), 0).data),
      other: () => Promise.resolve(scene(0, 'test', 6).image),
      rng: createRng(0),
    })),
  );
  const score = judge('srd');
  const reached: number[] = [];
  for (const attack of attacks) {
    const results = await runAttack(attack, victims, predict);
    for (const [i, { image, targetMap }] of results.entries())
      reached.push(await score(image, victims[i].target, targetMap!));
  }
  const [adaptive, fixed] = [reached[0] + reached[1], reached[2] + reached[3]].map((sum) => sum / 2);
  expect(adaptive).toBeGreaterThan(fixed + 0.1);
}, 60_000);
