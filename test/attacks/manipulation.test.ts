import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { adam, adamFeeds, adamStart } from '../../attacks/adam.ts';
import { compileChoice } from '../../attacks/best.ts';
import { explanationMap } from '../../attacks/explanation-map.ts';
import { search } from '../../attacks/explanation-search.ts';
import { drawn, drawnTargets } from '../../attacks/targets.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { toHeatmap } from '../../src/numeric/heatmap.ts';
import { batchOf, oneHot, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { createRng } from '../../src/numeric/random.ts';
import { attackOf, picture, toyAttacks } from './toy.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());
const { model, victim, prepare, runOne, logitsOf } = toyAttacks(engine);

/** The plain gradient. */
const attribution = (m: Model, target: Node) => g.grad(g.reduceSum(g.mul(m.logits, target), [1]), [m.input])[0];
const target = g.input('target', ['N', model.classes]);
const explain = engine.compile({ attribution: attribution(model, target) });

/** |attribution| summed over channels and divided by its sum, on the model as it is. */
async function mapOf(image: Tensor, label: number) {
  const feeds = { pixels: batchOf(image), target: oneHot(label, model.classes) };
  const { data } = (await explain.run(feeds)).attribution;
  return toHeatmap(tensor([3, 12, 12], data), { channels: 'abs-sum', sign: 'absolute', normalise: 'sum' }).values;
}
const meanSquare = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((s, v, i) => s + (v - b[i]) ** 2, 0) / a.length;

describe('the parts of targeted manipulation', () => {
  it.each(
    (['sum', 'abs-sum', 'l2', 'max-abs'] as const).flatMap((channels) =>
      (['signed', 'positive', 'absolute'] as const).flatMap((sign) =>
        (['max', 'sum'] as const).map((normalise) => ({ channels, sign, normalise })),
      ),
    ),
  )('looks through the heatmap step $channels, $sign, $normalise as metrics do', async (step) => {
    const x = g.input('x', ['N', 3, 4, 5]);
    const map = createReferenceEngine().compile({ map: explanationMap(x, step) });
    const rng = createRng(3, 'map');
    const values = tensor(
      [2, 3, 4, 5],
      Float32Array.from({ length: 120 }, () => rng.normal()),
    );
    const { data } = (await map.run({ x: values })).map;
    for (const n of [0, 1]) {
      const { values: expected } = toHeatmap(tensor([3, 4, 5], values.data.slice(60 * n, 60 * n + 60)), step);
      expected.forEach((v, i) => expect(data[20 * n + i]).toBeCloseTo(v, 6));
    }
  });

  it('takes the steps of Adam', async () => {
    const x = g.input('x', ['N', 3]);
    const state = adam(x, g.mul(g.mul(x, x), g.sign(x)), 0.1);
    const program = createReferenceEngine().compile(state);
    const origin = tensor([1, 3], [1, -2, 0.5]);
    let current = { x: origin, ...adamStart(origin) };
    const naive = Array.from(origin.data, (p) => ({ p, m: 0, v: 0 }));
    for (let i = 0; i < 5; i++) {
      current = (await program.run({ ...current, ...adamFeeds(i) })) as typeof current;
      for (const one of naive) {
        const slope = one.p * Math.abs(one.p);
        one.m = 0.9 * one.m + 0.1 * slope;
        one.v = 0.999 * one.v + 0.001 * slope ** 2;
        const step = one.m / (1 - 0.9 ** (i + 1)) / (Math.sqrt(one.v / (1 - 0.999 ** (i + 1))) + 1e-8);
        one.p -= 0.1 * step;
      }
      naive.forEach(({ p }, k) => expect(current.x.data[k]).toBeCloseTo(p, 5));
    }
  });

  it('draws targets that sum to 1 at every size', () => {
    const size = fc.integer({ min: 1, max: 80 });
    fc.assert(
      fc.property(fc.constantFrom(...drawnTargets), size, size, (kind, height, width) => {
        const { data } = drawn(kind, [height, width]);
        const share = data.filter((v) => v > 0).length / data.length;
        expect(data.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
        if (kind === 'uniform') expect(share).toBe(1);
        else if (Math.min(height, width) >= 16) expect(share > 0.015 && share < 0.45).toBe(true);
      }),
      { numRuns: 100, examples: [['cross', 2, 3]] },
    );
  });

  it.each<[kind: 'frame' | 'corner' | 'cross', size: [number, number], inside: (y: number, x: number) => boolean]>([
    ['frame', [30, 40], (y, x) => Math.min(y, x, 29 - y, 39 - x) < 3],
    ['corner', [6, 8], (y, x) => y <= 2 && x <= 3],
    ['corner', [5, 7], (y, x) => y <= 2 && x <= 3],
    ['cross', [15, 15], (y, x) => Math.min(Math.abs(y - x), Math.abs(y + x - 14)) <= 1],
  ])('draws the %s on %j', (kind, size, inside) => {
    const { data } = drawn(kind, size);
    data.forEach((v, p) => expect(v > 0).toBe(inside(Math.floor(p / size[1]), p % size[1])));
  });

  it('writes letters that can be read', () => {
    const { data } = drawn('text', [9, 17]);
    const rows = Array.from({ length: 9 }, (_, y) =>
      Array.from(data.subarray(17 * y, 17 * y + 17), (v) => (v > 0 ? 'X' : '.')).join(''),
    );
    expect(rows).toEqual([
      '.................',
      '.X...X..XXX..XXX.',
      '.X...X.X...X..X..',
      '..X.X..X...X..X..',
      '...X...XXXXX..X..',
      '..X.X..X...X..X..',
      '.X...X.X...X..X..',
      '.X...X.X...X.XXX.',
      '.................',
    ]);
  });
});

describe('the search', () => {
  const number = g.input('pixels', ['N', 1]);
  const step = engine.compileStep({ loss: g.reshape(number, ['N']) }, { pixels: g.add(number, 1) });
  const counting = { step: () => step, fixed: () => ({}), choice: compileChoice(engine, number.shape) };
  /** A walk over the integers; loss and prediction at each are given, the number standing for the picture. */
  const walk = (judgeEvery: number, starts: number[], losses: Record<number, number>, lost: number[] = []) =>
    search({
      steps: 4,
      restarts: starts.length,
      judgeEvery,
      start: (restart) => ({ pixels: tensor([1, 1], [starts[restart]]) }),
      async judge({ pixels }) {
        const [at] = (await pixels.read()).data;
        return [{ loss: losses[at] ?? 9, kept: !lost.includes(at) }];
      },
      ...counting,
    });
  const placeOf = async (found: ReturnType<typeof walk>) => (await found)[0].image.data[0];

  it('takes the last picture, or the best of those judged', async () => {
    expect(await placeOf(walk(0, [0], { 1: 1, 2: 2 }))).toBe(4);
    expect(await placeOf(walk(1, [0], { 1: 1, 2: 2 }))).toBe(1);
    expect(await placeOf(walk(2, [0], { 1: 1, 2: 2 }))).toBe(2);
  });

  it('prefers one that keeps the prediction to all that do not', async () => {
    expect(await placeOf(walk(1, [0], { 1: 1, 2: 2 }, [1]))).toBe(2);
    expect(await placeOf(walk(1, [0], {}, [1, 2, 3, 4]))).toBe(0);
  });

  it('takes the best of several runs, with the losses of that run', async () => {
    const [found] = await walk(1, [0, 100, 200], { 102: 1, 201: 2 });
    expect(found.image.data[0]).toBe(102);
    expect(found.losses).toEqual([100, 101, 102, 103]);
    expect(found).toMatchObject({ gradients: 12, queries: 27 });
  });

  it('keeps for each picture of a batch what it would keep alone', async () => {
    const worth = (place: number) => ({ loss: (place * 7) % 5, kept: place % 3 !== 0 });
    const places = (starts: readonly number[]) =>
      search({
        steps: 6,
        restarts: 2,
        judgeEvery: 1,
        start: (restart) => ({
          pixels: tensor(
            [starts.length, 1],
            starts.map((v) => v + 20 * restart),
          ),
        }),
        judge: async ({ pixels }) => Array.from((await pixels.read()).data, worth),
        ...counting,
      });
    const starts = [0, 3, 8, 11];
    const together = await places(starts);
    expect(new Set(together.map(({ image }, i) => image.data[0] - starts[i])).size).toBeGreaterThan(2);
    for (const [i, start] of starts.entries()) expect(await places([start])).toEqual([together[i]]);
  });
});

describe('targeted-manipulation', () => {
  const fixed = { betaStart: 10, betaEnd: 10, target: 'corner' };

  it('steps down the slope of its own loss, by central differences', async () => {
    const attack = prepare('targeted-manipulation', { ...fixed, steps: 1, learningRate: 1e-3 }, attribution);
    const v = await victim(7);
    const [{ image: moved }] = await attack([v]);
    const lossAt = async (image: Tensor) => (await attack([{ ...v, image }]))[0].losses![0];
    let compared = 0;
    for (let i = 5; i < 432; i += 61) {
      const shifted = (d: number) => ({
        shape: v.image.shape,
        data: v.image.data.map((p, k) => (k === i ? p + d : p)),
      });
      const slope = (await lossAt(shifted(1e-2))) - (await lossAt(shifted(-1e-2)));
      // Adam's first step has one length, whatever the slope.
      expect(moved.data[i] - v.image.data[i]).toBeCloseTo(-1e-3 * Math.sign(slope), 5);
      compared++;
    }
    expect(compared).toBe(7);
  });

  // Steps too short to change anything but β.
  it.each([
    ['targeted-manipulation', { learningRate: 1e-9 }],
    ['adaptive-manipulation', { epsilon: 1e-9 }],
  ])('%s sharpens its copy geometrically', async (name, still) => {
    const v = await victim(5);
    const lossesOf = async (betaStart: number, betaEnd: number, steps: number) => {
      const options = { target: 'corner', betaStart, betaEnd, steps, ...still };
      return (await runOne(prepare(name, options, attribution), v)).losses!;
    };
    const [first, second] = await lossesOf(2, 8, 2);
    expect(first / (await lossesOf(2, 2, 1))[0]).toBeCloseTo(1, 4);
    expect(second / (await lossesOf(4, 4, 1))[0]).toBeCloseTo(1, 4);
    expect(Math.abs(second / first - 1)).toBeGreaterThan(1e-3);
  });

  it('takes the loss on the model as it is when straight-through', async () => {
    const v = await victim(8);
    const options = { ...fixed, steps: 60, learningRate: 3e-3, surrogate: 'straight-through' };
    const { losses, targetMap } = await runOne(prepare('targeted-manipulation', options, attribution), v);
    expect(losses![0] / (1e11 * meanSquare(await mapOf(v.image, v.target), targetMap!.data))).toBeCloseTo(1, 3);
    expect(Math.min(...losses!)).toBeLessThan(0.8 * losses![0]);
  });

  it('keeps the best picture that keeps the prediction, if told to judge', async () => {
    const wild = { ...fixed, steps: 30, learningRate: 0.05, predictionWeight: 0 };
    const [lastOf, bestOf] = [{}, { judgeEvery: 1 }].map((o) =>
      prepare('targeted-manipulation', { ...wild, ...o }, attribution),
    );
    for (let seed = 0; seed < 3; seed++) {
      const v = await victim(seed);
      const [last, best] = [await runOne(lastOf, v), await runOne(bestOf, v)];
      const wanted = last.targetMap!.data;
      const distance = async (image: Tensor) => meanSquare(await mapOf(image, v.target), wanted);
      expect(best.labelChanged).toBe(false);
      expect(await distance(best.image)).toBeLessThanOrEqual(await distance(v.image));
      expect(last.labelChanged).toBe(false);
      expect(await distance(best.image)).toBeLessThanOrEqual((await distance(last.image)) * (1 + 1e-5));
    }
  });

  it('does no worse with restarts, which differ from the first run', async () => {
    const options = { ...fixed, steps: 15, learningRate: 0.005, epsilon: 0.05, judgeEvery: 5 };
    const [once, often] = [1, 4].map((restarts) =>
      prepare('targeted-manipulation', { ...options, restarts }, attribution),
    );
    let changed = 0;
    for (let seed = 0; seed < 4; seed++) {
      const [one, four] = [await runOne(once, await victim(seed)), await runOne(often, await victim(seed))];
      const { target: label } = await victim(seed);
      const distance = async (r: typeof one) => meanSquare(await mapOf(r.image, label), r.targetMap!.data);
      expect(four.linf).toBeLessThanOrEqual(0.05 + 1e-6);
      expect(await distance(four)).toBeLessThanOrEqual((await distance(one)) * (1 + 1e-5));
      if (four.image.data.some((v, i) => v !== one.image.data[i])) changed++;
    }
    expect(changed).toBeGreaterThan(0);
  });

  it('steers to a map seen through another heatmap step', async () => {
    const heatmap = { channels: 'sum', sign: 'positive', normalise: 'max' };
    const options = { steps: 60, learningRate: 0.005, explanationWeight: 1, predictionWeight: 0, heatmap };
    const v = await victim(9);
    const { losses, targetMap } = await runOne(prepare('targeted-manipulation', options, attribution), v);
    const { image } = { image: picture(1009) };
    const logits = await logitsOf(image);
    const feeds = { pixels: batchOf(image), target: oneHot(logits.indexOf(Math.max(...logits)), model.classes) };
    const { data } = (await explain.run(feeds)).attribution;
    const step = { channels: 'sum', sign: 'positive', normalise: 'max' } as const;
    const expected = toHeatmap(tensor([3, 12, 12], data), step).values;
    expected.forEach((value, i) => expect(targetMap!.data[i]).toBeCloseTo(value, 4));
    expect(losses!.at(-1)).toBeLessThan(0.9 * losses![0]);
  });

  it('asks for a ball before it restarts', () => {
    const { success, error } = attackOf('targeted-manipulation').options.safeParse({ restarts: 3 });
    expect(success).toBe(false);
    expect(error?.issues[0].message).toMatch(/give its radius as epsilon/);
  });
});
