import { describe, expect, it } from 'vitest';
import { mprt } from '../../metrics/mprt.ts';
import { randomLogit } from '../../metrics/random-logit.ts';
import type { Otherwise } from '../../metrics/metric.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { createPrograms } from '../../src/experiment/programs.ts';
import { defineExplainer, type Explainer } from '../../src/explainers/explainer.ts';
import { gradient } from '../../src/explainers/gradient.ts';
import { random } from '../../src/explainers/random.ts';
import { createRng } from '../../src/numeric/random.ts';
import { at, batchOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { z } from 'zod';
import { nets } from '../explainers/nets.ts';
import { randomTensor, scoreOf, valueOf } from './toy.ts';

const shape = [1, 2, 2];
// In ascending order, as its own, half reversed and reversed.
const own = tensor(shape, [1, 2, 3, 4]);
const swapped = tensor(shape, [2, 1, 4, 3]);
const reversed = tensor(shape, [4, 3, 2, 1]);
const constant = tensor(shape, [5, 5, 5, 5]);
const spearman = { [1]: own, [0.6]: swapped, [-1]: reversed };

describe('model parameter randomisation', () => {
  /** Scores `own` against maps by the number of randomised layers; tells which layers were asked for. */
  async function run(maps: readonly Tensor[], options: object = {}) {
    const asked: (readonly string[])[] = [];
    const explain = async (images: Tensor, other?: Otherwise) => {
      expect(images.shape[0]).toBe(1);
      asked.push(other!.randomised!.layers);
      return batchOf(maps[asked.length - 1]);
    };
    const outcome = await scoreOf(mprt, own, { explain, weightLayers: ['a', 'b', 'c'], options });
    return { outcome, asked };
  }

  it('is the mean rank correlation over the models, and their curve', async () => {
    const { outcome, asked } = await run([spearman[1], spearman[0.6], spearman[-1]]);
    expect(asked).toEqual([['c'], ['c', 'b'], ['c', 'b', 'a']]);
    expect(valueOf(outcome)).toBeCloseTo((1 + 0.6 - 1) / 3, 14);
    expect(outcome).toMatchObject({ discarded: 0, curve: { x: [0, 1 / 3, 2 / 3, 1] } });
    const { curve } = outcome as { curve: { y: readonly number[] } };
    [1, 1, 0.6, -1].forEach((expected, i) => expect(curve.y[i]).toBeCloseTo(expected, 14));
  });

  it.each([
    [{ order: 'bottom-up' }, [['a'], ['a', 'b'], ['a', 'b', 'c']]],
    [{ mode: 'independent' }, [['c'], ['b'], ['a']]],
    [{ mode: 'independent', order: 'bottom-up' }, [['a'], ['b'], ['c']]],
    [{ steps: 1 }, [['c', 'b', 'a']]],
    [{ steps: 2 }, [['c'], ['c', 'b', 'a']]],
    [{ steps: 9 }, [['c'], ['c', 'b'], ['c', 'b', 'a']]],
  ])('%o asks for its layers', async (options, expected) => {
    const { asked } = await run([own, own, own], options);
    expect(asked).toEqual(expected);
  });

  it('discards models whose map is constant or not finite', async () => {
    const { outcome } = await run([constant, swapped, tensor(shape, [1, NaN, 2, 3])]);
    expect(valueOf(outcome)).toBeCloseTo(0.6, 14);
    expect(outcome.discarded).toBeCloseTo(2 / 3, 14);
    expect(outcome).not.toHaveProperty('curve');
    const none = await run([constant, constant, constant]);
    expect(none.outcome).toEqual({ reason: expect.stringContaining('no map of a model'), discarded: 1 });
  });

  it('compares with a constant map by SSIM', async () => {
    const big = randomTensor([1, 12, 12], 'big');
    const explain = async () => batchOf(tensor([1, 12, 12]));
    const outcome = await scoreOf(mprt, big, { explain, options: { agreement: 'ssim' } });
    expect(outcome.discarded).toBe(0);
    expect(valueOf(outcome)).toBeLessThan(0.1);
  });

  it('has no value without layers', async () => {
    const outcome = await scoreOf(mprt, own, { weightLayers: [] });
    expect(outcome).toEqual({ reason: 'the model has no layer with weights to randomise' });
  });
});

describe('random logit', () => {
  it('explains another class', async () => {
    const seen = new Set<number>();
    const explain = async (_: Tensor, other?: Otherwise) => {
      seen.add(other!.target!);
      return batchOf(reversed);
    };
    const predict = async () => tensor([1, 4], [0, 0, 0, 0]);
    for (let seed = 0; seed < 40; seed++) {
      const options = { agreement: 'spearman' };
      const outcome = await scoreOf(randomLogit, own, { explain, predict, target: 1, seed, options });
      expect(valueOf(outcome)).toBeCloseTo(-1, 14);
    }
    expect([...seen].toSorted()).toEqual([0, 2, 3]);
  });

  it('has no value for a single class, or where the other map is not finite', async () => {
    const one = await scoreOf(randomLogit, own, { predict: async () => tensor([1, 1], [0]), target: 0 });
    expect(one).toHaveProperty('reason', expect.stringContaining('a single class'));
    const explain = async () => batchOf(tensor(shape, [1, 2, Infinity, 3]));
    const options = { agreement: 'spearman' };
    const broken = await scoreOf(randomLogit, own, { explain, options });
    expect(broken).toHaveProperty('reason', expect.stringContaining('holds'));
  });
});

describe('on a small net', () => {
  const model = nets.skip(createRng(3, 'sanity'), { size: 12 });
  const image = randomTensor([3, 12, 12], 'picture');
  const programs = createPrograms(createReferenceEngine(), model, 1);
  const picture = defineExplainer({
    name: 'picture',
    title: 'The picture itself',
    paper: '',
    options: z.strictObject({}),
    attribution: ({ model: m }) => m.input,
  });

  async function score(definition: Explainer, metric: typeof mprt | typeof randomLogit, options: object = {}) {
    const explainer = { definition, options: {} };
    const rng = () => createRng(0, 'explain');
    const attribution = at(await programs.explain(explainer)(batchOf(image), 1, rng()), 0);
    return scoreOf(metric, attribution, {
      image,
      predict: (images) => programs.predict(images),
      explain: (images, other = {}) => programs.explain(explainer, other.randomised)(images, other.target ?? 1, rng()),
      weightLayers: programs.weightLayers,
      options,
    });
  }

  it.each([picture, random])('$name, which looks at neither weights nor class, scores 1', async (explainer) => {
    for (const agreement of ['spearman', 'ssim']) {
      expect(valueOf(await score(explainer, mprt, { agreement }))).toBeCloseTo(1, 12);
      expect(valueOf(await score(explainer, randomLogit, { agreement }))).toBeCloseTo(1, 12);
    }
  });

  it('the gradient falls, top-down and bottom-up, by fresh and by shuffled weights', async () => {
    for (const order of ['top-down', 'bottom-up'])
      for (const weights of ['fresh', 'shuffled']) {
        const outcome = await score(gradient, mprt, { order, weights });
        expect(valueOf(outcome)).toBeLessThan(0.7);
        expect(outcome.discarded).toBe(0);
      }
    expect(valueOf(await score(gradient, randomLogit))).toBeLessThan(0.9);
  });

  it('the same weights serve every call', async () => {
    const [a, b] = [await score(gradient, mprt), await score(gradient, mprt)];
    expect(a).toEqual(b);
    const explainer = { definition: gradient as Explainer, options: {} };
    const randomisation = { layers: programs.weightLayers.slice(0, 1), weights: 'fresh' } as const;
    expect(programs.explain(explainer, randomisation)).toBe(programs.explain(explainer, { ...randomisation }));
  });
});
