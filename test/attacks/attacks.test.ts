import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { attacks, type Perturbed } from '../../attacks/index.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { explainers, isWhiteBox } from '../../src/explainers/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { scene } from '../../src/data/scenes.ts';
import { loadModel, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { attentionNets } from '../explainers/nets.ts';
import { attackOf, toyAttacks } from './toy.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());

const zooFile = (name: string) => fileURLToPath(new URL(`../../zoo/${name}.onnx`, import.meta.url));
const toy = toyAttacks(engine);
const { victim, prepare, runOne } = toy;
const transformer = toyAttacks(engine, attentionNets.transformer(createRng(21, 'attack'), { size: 12 }));
/** Options that make slow attacks fast. */
const quick: Record<string, object> = {
  'targeted-manipulation': { steps: 5 },
  'adaptive-manipulation': { steps: 5, judgeEvery: 1 },
  ghorbani: { steps: 5 },
  'carlini-wagner': { steps: 50, searches: 3 },
};

const gradient = explainers.filter(isWhiteBox).find((e) => e.name === 'gradient')!;
const gradientMap = (m: Model, target: Node) => gradient.attribution({ model: m, target, options: {} });

describe('every attack', () => {
  it.each(attacks.map((a) => a.name))(
    '%s stays inside [0,1], measures its size, and is the same for a seed',
    async (name) => {
      const attack = prepare(name, quick[name], gradientMap);
      const v = await victim(1);
      let returned: readonly Perturbed[] = [];
      const result = await runOne(async (victims) => (returned = await attack(victims)), v);
      // What an attack looked at is what it returns; a benign change looks at nothing.
      if (attackOf(name).kind !== 'benign') expect(returned[0].image.data).toEqual(result.image.data);
      expect(result.image.shape).toEqual([3, 12, 12]);
      const change = result.image.data.map((p, i) => p - v.image.data[i]);
      expect(Math.min(...result.image.data)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...result.image.data)).toBeLessThanOrEqual(1);
      expect(result.linf).toBeCloseTo(Math.max(...change.map(Math.abs)), 6);
      expect(result.l2).toBeCloseTo(Math.hypot(...change), 5);
      expect(result.l1).toBeCloseTo(
        change.reduce((sum, d) => sum + Math.abs(d), 0),
        4,
      );
      const spent = [result.queries!, result.gradients!];
      if (attackOf(name).kind === 'benign') expect(spent).toEqual([0, 0]);
      else expect(Math.min(...spent)).toBeGreaterThan(0);
      expect((await runOne(attack, await victim(1))).image.data).toEqual(result.image.data);
    },
  );

  const victims = () => Promise.all([1, 2, 3, 4, 5].map((seed) => victim(seed)));

  it.each(attacks.map((a) => a.name))('%s does to a picture of a batch what it does to it alone', async (name) => {
    const attack = prepare(name, quick[name], gradientMap);
    const together = await toy.run(attack, await victims());
    for (const [i, one] of (await victims()).entries()) {
      const alone = await runOne(attack, one);
      expect(together[i].image.data).toEqual(alone.image.data);
      expect(together[i].losses).toEqual(alone.losses);
      expect(together[i].targetMap?.data).toEqual(alone.targetMap?.data);
      expect([together[i].queries, together[i].gradients]).toEqual([alone.queries, alone.gradients]);
    }
  });
});

/** Of foolbox, of the papers, and for controls those that docs/attacks.md names. */
const defaults: Record<string, object> = {
  deepfool: { norm: 'l2', steps: 50, candidates: 10, overshoot: 0.02 },
  'carlini-wagner': { searches: 9, steps: 10000, learningRate: 0.01, confidence: 0, initialConst: 0.001 },
  'auto-pgd': { norm: 'linf', loss: 'ce', steps: 100, restarts: 1 },
  'targeted-manipulation': {
    ...{ steps: 1500, learningRate: 2e-4, explanationWeight: 1e11, predictionWeight: 1e6 },
    ...{ betaStart: 10, betaEnd: 100, judgeEvery: 0, restarts: 1, surrogate: 'softplus' },
  },
  ghorbani: { epsilon: 8 / 255, stepSize: 0.5 / 255, steps: 300, share: 0.02, measure: 'top-k', beta: 10 },
  'random-sign': { epsilon: 8 / 255 },
  'uniform-noise': { epsilon: 8 / 255 },
  'gaussian-noise': { sigma: 8 / 255 },
  brightness: { shift: 0.1 },
  contrast: { factor: 0.7 },
  jpeg: { quality: 75 },
};

it.each(Object.keys(defaults))('%s has the defaults of its source', (name) => {
  expect(attackOf(name).options.parse({})).toMatchObject(defaults[name]);
});

it.each(attacks.filter(({ kind }) => kind === 'explanation'))(
  '$name refuses a black box with a clear line',
  ({ name }) => {
    expect(() => prepare(name)).toThrow(`${name} needs an explainer that is a graph`);
  },
);

describe('targeted-manipulation', () => {
  const options = { steps: 80, learningRate: 0.005, betaStart: 10, betaEnd: 100 };

  // Sobel knows nothing of the model, DeconvNet little of the picture: neither has a gradient worth following.
  const steerable = explainers.filter(isWhiteBox).filter((e) => !['sobel', 'deconvnet'].includes(e.name));

  const forTransformers = ['attention-rollout', 'gradient-attention', 'attn-lrp'];

  it.each(steerable)('lowers its loss for $name with no code of its own', async (explainer) => {
    const explainerOptions = explainer.options.parse(
      { ig: { steps: 4 }, smoothgrad: { samples: 3 } }[explainer.name] ?? {},
    );
    const attribution = (m: Model, target: Node) =>
      explainer.attribution({ model: m, target, options: explainerOptions });
    const { prepare, runOne, victim } = forTransformers.includes(explainer.name) ? transformer : toy;
    const attack = prepare('targeted-manipulation', options, attribution);
    const { losses, targetMap } = await runOne(attack, await victim(4));
    expect(losses).toHaveLength(80);
    expect(losses!.every(Number.isFinite)).toBe(true);
    // The mean of the last steps, since β grows and the loss jumps a little with it.
    const late = losses!.slice(-10).reduce((a, b) => a + b, 0) / 10;
    expect(late).toBeLessThan(0.9 * losses![0]);
    expect(targetMap!.data.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 3);
  });

  it.each(steerable)('does to a batch what it does to each picture, by $name', async (explainer) => {
    const explainerOptions = explainer.options.parse(
      { ig: { steps: 4 }, smoothgrad: { samples: 3 } }[explainer.name] ?? {},
    );
    const attribution = (m: Model, target: Node) =>
      explainer.attribution({ model: m, target, options: explainerOptions });
    const { prepare, run, runOne, victim } = forTransformers.includes(explainer.name) ? transformer : toy;
    const victims = () => Promise.all([1, 2, 3].map((seed) => victim(seed)));
    const attack = prepare('targeted-manipulation', { steps: 3, learningRate: 0.005 }, attribution);
    const together = await run(attack, await victims());
    for (const [i, one] of (await victims()).entries()) {
      const alone = await runOne(attack, one);
      // Matrix products of several pictures add up in another order than those of one: attention, Score-CAM.
      alone.losses!.forEach((loss, k) => expect(together[i].losses![k] / loss).toBeCloseTo(1, 5));
      const apart = alone.image.data.reduce((sum, v, k) => sum + Math.abs(v - together[i].image.data[k]), 0);
      expect(apart / alone.image.data.length).toBeLessThan(1e-6);
    }
  });

  it('has a gradient to follow where LRP divides by the sums of skips', async () => {
    const lrp = explainers.filter(isWhiteBox).find((e) => e.name === 'lrp')!;
    const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
    const residual = await loadModel({ file: zooFile('scenes-resnet'), preprocessing: normalisation });
    const attribution = (m: Model, target: Node) =>
      lrp.attribution({ model: m, target, options: lrp.options.parse({}) });
    const attack = attackOf('targeted-manipulation');
    const prepared = attack.prepare({
      engine,
      model: residual,
      attribution,
      options: attack.options.parse({ steps: 40, learningRate: 0.002 }),
    });
    for (const index of [0, 1]) {
      const { image: picture, label } = scene(0, 'test', index);
      const other = () => Promise.resolve(scene(0, 'test', index + 5).image);
      const [{ losses }] = await prepared([{ image: picture, target: label, other, rng: createRng(0) }]);
      expect(losses!.at(-1)).toBeLessThan(0.75 * losses![0]);
    }
  });

  it('keeps to an L-inf ball when given one', async () => {
    const attack = prepare('targeted-manipulation', { ...options, epsilon: 0.01, target: 'corner' }, gradientMap);
    const { linf } = await runOne(attack, await victim(5));
    expect(linf).toBeLessThanOrEqual(0.01 + 1e-6);
    expect(linf).toBeGreaterThan(0.005);
  });

  it('can be stopped', async () => {
    const attack = prepare('targeted-manipulation', options, gradientMap);
    await expect(attack([{ ...(await victim(6)), signal: AbortSignal.abort() }])).rejects.toThrow(/abort/i);
  });
});
