import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { attacks, runAttack, type AttackSetup, type Victim } from '../../attacks/index.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { explainers, isWhiteBox } from '../../src/explainers/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { scene } from '../../src/data/scenes.ts';
import { loadModel, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { batchOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { nets } from '../explainers/nets.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());

const zooFile = (name: string) => fileURLToPath(new URL(`../../zoo/${name}.onnx`, import.meta.url));
const attackOf = (name: string) => attacks.find((a) => a.name === name)!;
const model = nets.pooled(createRng(21, 'attack'), { size: 12, normalise: true });
const predict = engine.compile({ logits: model.logits });

const image = (seed: number): Tensor => {
  const rng = createRng(seed, 'image');
  return tensor(
    [3, 12, 12],
    Float32Array.from({ length: 432 }, () => rng.uniform()),
  );
};
const logitsOf = async (picture: Tensor) => (await predict.run({ pixels: batchOf(picture) })).logits.data;
const probability = (logits: Float32Array, k: number) => {
  const largest = Math.max(...logits);
  return Math.exp(logits[k] - largest) / logits.reduce((s, v) => s + Math.exp(v - largest), 0);
};

async function victim(seed: number): Promise<Victim> {
  const picture = image(seed);
  const logits = await logitsOf(picture);
  return {
    image: picture,
    target: logits.indexOf(Math.max(...logits)),
    other: () => Promise.resolve(image(seed + 1000)),
    rng: createRng(seed, 'victim'),
  };
}

const setup = (name: string, options: object, attribution?: (m: Model, t: Node) => Node): AttackSetup<unknown> => ({
  engine,
  model,
  attribution,
  options: attackOf(name).options.parse(options),
});

describe('every attack', () => {
  const gradient = explainers.filter(isWhiteBox).find((e) => e.name === 'gradient')!;
  const attribution = (m: Model, target: Node) => gradient.attribution({ model: m, target, options: {} });

  it.each(attacks.map((a) => a.name))(
    '%s stays inside [0,1], measures its size, and is the same for a seed',
    async (name) => {
      const run = async () => {
        const v = await victim(1);
        return {
          v,
          result: await runAttack(
            attackOf(name).prepare(setup(name, name === 'targeted-manipulation' ? { steps: 5 } : {}, attribution)),
            v,
          ),
        };
      };
      const { v, result } = await run();
      expect(result.image.shape).toEqual([3, 12, 12]);
      const change = result.image.data.map((p, i) => p - v.image.data[i]);
      expect(Math.min(...result.image.data)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...result.image.data)).toBeLessThanOrEqual(1);
      expect(result.linf).toBeCloseTo(Math.max(...change.map(Math.abs)), 6);
      expect(result.l2).toBeCloseTo(Math.hypot(...change), 5);
      expect((await run()).result.image.data).toEqual(result.image.data);
    },
  );

  it('runAttack clips whatever an attack returns', async () => {
    const v = await victim(2);
    const wild = () =>
      Promise.resolve({ image: { shape: [3, 12, 12], data: v.image.data.map((p, i) => p + (i % 2 ? 3 : -3)) } });
    const { image: clipped } = await runAttack(wild, v);
    expect(clipped.data.every((p) => p === 0 || p === 1)).toBe(true);
  });
});

describe('pgd', () => {
  it('stays in the ball, lowers the predicted probability, and more so with a larger ball', async () => {
    const after: number[] = [];
    for (const epsilon of [0.02, 0.1, 0.3]) {
      let total = 0;
      for (let seed = 0; seed < 5; seed++) {
        const v = await victim(seed);
        const result = await runAttack(attackOf('pgd').prepare(setup('pgd', { epsilon })), v);
        expect(result.linf).toBeLessThanOrEqual(epsilon + 1e-6);
        const before = probability(await logitsOf(v.image), v.target);
        const now = probability(await logitsOf(result.image), v.target);
        expect(now).toBeLessThan(before);
        total += now;
      }
      after.push(total);
    }
    expect(after[1]).toBeLessThan(after[0]);
    expect(after[2]).toBeLessThan(after[1]);
  });

  it('takes one FGSM step of the whole radius when asked to', async () => {
    const v = await victim(3);
    const options = { epsilon: 0.05, steps: 1, relativeStep: 1, randomStart: false };
    const { image: moved } = await runAttack(attackOf('pgd').prepare(setup('pgd', options)), v);
    moved.data.forEach((p, i) => {
      const inside = v.image.data[i] > 0.05 && v.image.data[i] < 0.95;
      // A pixel whose gradient is exactly 0 stays; all others move by the radius, whichever way.
      if (inside && p !== v.image.data[i]) expect(Math.abs(p - v.image.data[i])).toBeCloseTo(0.05, 5);
    });
  });
});

describe('targeted-manipulation', () => {
  const options = { steps: 80, learningRate: 0.005, betaStart: 10, betaEnd: 100 };

  // Sobel knows nothing of the model, DeconvNet little of the picture: neither has a gradient worth following.
  const steerable = explainers.filter(isWhiteBox).filter((e) => !['sobel', 'deconvnet'].includes(e.name));

  it.each(steerable)('lowers its loss for $name with no code of its own', async (explainer) => {
    const explainerOptions = explainer.options.parse(
      { ig: { steps: 4 }, smoothgrad: { samples: 3 } }[explainer.name] ?? {},
    );
    const attribution = (m: Model, target: Node) =>
      explainer.attribution({ model: m, target, options: explainerOptions });
    const attack = attackOf('targeted-manipulation').prepare(setup('targeted-manipulation', options, attribution));
    const { losses, targetMap } = await runAttack(attack, await victim(4));
    expect(losses).toHaveLength(80);
    expect(losses!.every(Number.isFinite)).toBe(true);
    // The mean of the last steps, since β grows and the loss jumps a little with it.
    const late = losses!.slice(-10).reduce((a, b) => a + b, 0) / 10;
    expect(late).toBeLessThan(0.9 * losses![0]);
    expect(targetMap!.data.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 3);
  });

  it('has a gradient to follow where LRP divides by the sums of skips', async () => {
    const lrp = explainers.filter(isWhiteBox).find((e) => e.name === 'lrp')!;
    const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
    const residual = await loadModel({ file: zooFile('scenes-resnet'), preprocessing: normalisation });
    const attribution = (m: Model, target: Node) =>
      lrp.attribution({ model: m, target, options: lrp.options.parse({}) });
    const attack = attackOf('targeted-manipulation');
    const run = attack.prepare({
      engine,
      model: residual,
      attribution,
      options: attack.options.parse({ steps: 40, learningRate: 0.002 }),
    });
    for (const index of [0, 1]) {
      const { image: picture, label } = scene(0, 'test', index);
      const other = () => Promise.resolve(scene(0, 'test', index + 5).image);
      const { losses } = await runAttack(run, { image: picture, target: label, other, rng: createRng(0) });
      expect(losses!.at(-1)).toBeLessThan(0.75 * losses![0]);
    }
  });

  it('keeps to an L-inf ball when given one', async () => {
    const gradient = explainers.filter(isWhiteBox).find((e) => e.name === 'gradient')!;
    const attribution = (m: Model, target: Node) => gradient.attribution({ model: m, target, options: {} });
    const attack = attackOf('targeted-manipulation').prepare(
      setup('targeted-manipulation', { ...options, epsilon: 0.01, target: 'corner' }, attribution),
    );
    const { linf } = await runAttack(attack, await victim(5));
    expect(linf).toBeLessThanOrEqual(0.01 + 1e-6);
    expect(linf).toBeGreaterThan(0.005);
  });

  it('refuses a black box with a clear line', () => {
    expect(() => attackOf('targeted-manipulation').prepare(setup('targeted-manipulation', {}))).toThrow(
      /needs an explainer that is a graph/,
    );
  });

  it('can be stopped', async () => {
    const gradient = explainers.filter(isWhiteBox).find((e) => e.name === 'gradient')!;
    const attribution = (m: Model, target: Node) => gradient.attribution({ model: m, target, options: {} });
    const attack = attackOf('targeted-manipulation').prepare(setup('targeted-manipulation', options, attribution));
    await expect(attack({ ...(await victim(6)), signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});
