import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpoints } from '../../attacks/auto-pgd-step.ts';
import { gradientAscent, randomlyMoved } from '../../attacks/gradient-ascent.ts';
import type { PreparedAttack } from '../../attacks/index.ts';
import { norms } from '../../attacks/norms.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import * as g from '../../src/graph/index.ts';
import { loadModel } from '../../src/model/model.ts';
import { softmaxAt } from '../../src/numeric/softmax.ts';
import { at, stack, tensor } from '../../src/numeric/tensor.ts';
import { attackOf, toyAttacks } from './toy.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());
const model = await loadModel({
  file: fileURLToPath(new URL('../fixtures/explainers_plain.onnx', import.meta.url)),
  preprocessing: { mean: [0.5, 0.4375, 0.375], std: [0.25, 0.25, 0.5] },
});
const { victim, logitsOf, predict, prepare, run, runOne } = toyAttacks(engine, model);
const victims = (n: number) => Promise.all(Array.from({ length: n }, (_, seed) => victim(seed)));

/** The radius of a ball in each norm that moves the net's predictions a little. */
const radii = { linf: 0.004, l2: 0.06, l1: 0.8 } as const;
const names = Object.keys(radii) as (keyof typeof radii)[];

/** Attacks inside a ball, and those that look for the smallest change. */
const inBalls = names.flatMap((norm) => [
  ['fgsm', { norm }] as const,
  ['pgd', { norm, steps: 20 }] as const,
  ...(norm === 'l1' ? [] : [['auto-pgd', { norm, steps: 30 }] as const]),
]);
const smallest = [
  ['deepfool', { norm: 'l2' }],
  ['deepfool', { norm: 'linf' }],
  ['carlini-wagner', { searches: 4, steps: 60, initialConst: 1 }],
] as const;

const probabilities = async (attack: PreparedAttack) => {
  const attacked = await victims(6);
  const results = await run(attack, attacked);
  return results.map(({ logits }, i) => softmaxAt(logits, attacked[i].target));
};
const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe.each(inBalls)('%s %o', (name, options) => {
  it('stays in the ball and lowers the predicted probability, and no less in a larger one', async () => {
    const { norm } = options;
    const clean = total(
      await Promise.all((await victims(6)).map(async (v) => softmaxAt(await logitsOf(v.image), v.target))),
    );
    const after: number[] = [];
    for (const scale of [0.5, 2, 6]) {
      const epsilon = scale * radii[norm];
      const attack = prepare(name, { ...options, epsilon });
      for (const result of await run(attack, await victims(6)))
        expect(result[norm]).toBeLessThanOrEqual(epsilon * (1 + 1e-5) + 1e-6);
      after.push(total(await probabilities(attack)));
    }
    expect(after[0]).toBeLessThan(clean);
    expect(after[1]).toBeLessThan(after[0]);
    expect(after[2]).toBeLessThan(after[1]);
  });

  it('is not beaten by as many random pictures of the ball', async () => {
    const epsilon = 2 * radii[options.norm];
    const searched: number[] = [];
    for (const v of await victims(6)) {
      const tries = Array.from({ length: 50 }, () => randomlyMoved(v, norms[options.norm], epsilon));
      const logits = await predict(stack(tries));
      const best = Math.min(...tries.map((_, i) => softmaxAt(at(logits, i).data, v.target)));
      searched.push(best);
    }
    (await probabilities(prepare(name, { ...options, epsilon }))).forEach((p, i) =>
      expect(p).toBeLessThan(searched[i]),
    );
  });
});

describe.each([...inBalls, ...smallest])('%s %o', (name, options) => {
  it('does to a picture what it does to it in a batch', async () => {
    const epsilon = 'norm' in options && name !== 'deepfool' ? { epsilon: 2 * radii[options.norm] } : {};
    const attack = prepare(name, { ...options, ...epsilon });
    const together = await run(attack, await victims(4));
    for (const [seed, inBatch] of together.entries()) {
      const alone = await runOne(attack, await victim(seed));
      expect(inBatch.labelChanged).toBe(alone.labelChanged);
      expect([inBatch.queries, inBatch.gradients]).toEqual([alone.queries, alone.gradients]);
      expect(alone.image.data).toEqual(inBatch.image.data);
    }
  });
});

describe('pgd', () => {
  it('raises its loss, to its last tenth above its first', async () => {
    for (const norm of names)
      for (const { losses } of await run(prepare('pgd', { norm, epsilon: radii[norm] }), await victims(4))) {
        const rises = losses!.slice(1).filter((v, i) => v > losses![i]).length;
        expect(rises).toBeGreaterThan(0.5 * (losses!.length - 1));
        expect(Math.min(...losses!.slice(-4))).toBeGreaterThan(Math.max(...losses!.slice(0, 4)));
      }
  });

  it('finds nothing where there is no gradient, and says so', async () => {
    const flat = {
      ...model,
      logits: g.add(
        g.mul(g.reduceSum(g.reshape(model.pixels, ['N', 432]), [1], true), 0),
        g.constant(Float32Array.of(1, 0, 0, 0, 0), [5]),
      ),
    };
    const attack = gradientAscent(
      { engine, model: flat },
      { ...norms.linf.defaults, norm: 'linf', randomStart: false },
    );
    const { image, ...v } = await victim(1);
    const [{ image: after, fooled }] = (await attack([{ ...v, image, target: 0 }])) as [
      { image: typeof image; fooled: boolean },
    ];
    expect(fooled).toBe(false);
    expect(after.data).toEqual(image.data);
  });
});

describe('fgsm', () => {
  it('moves each pixel by the radius, once', async () => {
    const v = await victim(3);
    const { image, queries, gradients } = await runOne(prepare('fgsm', { epsilon: 0.05 }), v);
    expect([queries, gradients]).toEqual([2, 1]);
    image.data.forEach((p, i) => {
      const inside = v.image.data[i] > 0.05 && v.image.data[i] < 0.95;
      // A pixel whose gradient is exactly 0 stays; all others move by the radius, whichever way.
      if (inside && p !== v.image.data[i]) expect(Math.abs(p - v.image.data[i])).toBeCloseTo(0.05, 5);
    });
  });

  it('refuses an L-inf ball larger than the range of pixels', () => {
    expect(() => attackOf('fgsm').options.parse({ epsilon: 2 })).toThrow(/<=1/);
    expect(() => attackOf('fgsm').options.parse({ norm: 'l2', epsilon: 2 })).not.toThrow();
  });
});

describe('auto-pgd', () => {
  it('judges its step size where the paper says', () => {
    expect([...checkpoints(100).keys()]).toEqual([22, 41, 57, 70, 80, 87, 93, 99]);
    expect([...checkpoints(100).values()]).toEqual([22, 19, 16, 13, 10, 7, 6, 6]);
    expect([...checkpoints(3).keys()]).toEqual([1, 2, 3]);
  });

  it('is not weaker than PGD of as many gradients', async () => {
    for (const norm of ['linf', 'l2'] as const) {
      const epsilon = 2 * radii[norm];
      const auto = await probabilities(prepare('auto-pgd', { norm, epsilon, steps: 50 }));
      const plain = await probabilities(prepare('pgd', { norm, epsilon, steps: 50 }));
      expect(total(auto)).toBeLessThan(total(plain) * 1.001);
    }
  });

  it.each(['ce', 'dlr', 'dlr-targeted'])(
    'starts again by the loss %s only for pictures that are not fooled',
    async (loss) => {
      const options = { loss, epsilon: 0.01, steps: 20 };
      const once = await run(prepare('auto-pgd', options), await victims(6));
      const thrice = await run(prepare('auto-pgd', { ...options, restarts: 3 }), await victims(6));
      expect(new Set(once.map(({ labelChanged }) => labelChanged)).size).toBe(2);
      once.forEach(({ labelChanged, gradients }, i) => {
        if (labelChanged) expect(thrice[i].gradients).toBe(gradients);
        else expect(thrice[i].gradients).toBeGreaterThan(gradients!);
        if (labelChanged) expect(thrice[i].labelChanged).toBe(true);
      });
    },
  );

  it('ends where every picture is fooled', async () => {
    const options = { epsilon: 0.5, steps: 3 };
    const once = await run(prepare('auto-pgd', options), await victims(2));
    expect(once.every(({ labelChanged }) => labelChanged)).toBe(true);
    const often = await run(prepare('auto-pgd', { ...options, restarts: 3 }), await victims(2));
    expect(often.map(({ queries }) => queries)).toEqual([4, 4]);
  });

  it.each([
    ['dlr-targeted', 4],
    ['dlr', 3],
    ['ce', 2],
  ])('refuses the loss %s where there are fewer than %i logits', (loss, needed) => {
    const attack = attackOf('auto-pgd');
    const few = { ...model, classes: needed - 1 };
    expect(() => attack.prepare({ engine, model: few, options: attack.options.parse({ loss }) })).toThrow(
      `compares ${needed} logits, but the model has ${needed - 1} classes`,
    );
  });
});

describe('the smallest change', () => {
  it.each(smallest)('%s %o fools the net by less than a ball in which PGD fails', async (name, options) => {
    const norm = 'norm' in options ? options.norm : 'l2';
    const found = await run(prepare(name, options), await victims(6));
    for (const [seed, result] of found.entries()) {
      expect(result.labelChanged).toBe(true);
      // Half of what it needed is not enough, for PGD of the same norm neither.
      const half = await runOne(prepare('pgd', { norm, epsilon: 0.5 * result[norm] }), await victim(seed));
      expect(half.labelChanged).toBe(false);
    }
  });

  it('is smaller by Carlini and Wagner than by DeepFool, and larger with confidence', async () => {
    const sizeOf = async (name: string, options: object) =>
      total((await run(prepare(name, options), await victims(6))).map(({ l2 }) => l2));
    const options = { searches: 6, steps: 150, initialConst: 1 };
    const exact = await sizeOf('carlini-wagner', options);
    expect(exact).toBeLessThan(await sizeOf('deepfool', { norm: 'l2' }));
    expect(await sizeOf('carlini-wagner', { ...options, confidence: 0.3 })).toBeGreaterThan(exact);
  });

  it('ends a search of Carlini and Wagner where a tenth of its steps did not lower the loss', async () => {
    // With so small a c, the loss is the size of the change: it only rises.
    const options = { searches: 2, steps: 200, initialConst: 1e-9 };
    for (const { queries, gradients } of await run(prepare('carlini-wagner', options), await victims(2)))
      expect([queries, gradients]).toEqual([2 * 21, 2 * 21]);
  });

  it('leaves a picture that is misclassified as it is', async () => {
    const v = await victim(1);
    const { image, queries, gradients } = await runOne(prepare('deepfool'), { ...v, target: (v.target + 1) % 5 });
    expect(image.data).toEqual(v.image.data);
    // One step, and the pass that finds the classes to look at.
    expect([queries, gradients]).toEqual([2, 4]);
  });
});

describe('controls', () => {
  const flat = (value: number) => tensor([3, 12, 12], new Float32Array(432).fill(value));
  const changed = async (name: string, options: object, value: number) =>
    (await runOne(prepare(name, options), { ...(await victim(1)), image: flat(value) })).image.data;

  it('are what they say', async () => {
    expect(new Set(await changed('brightness', { shift: -0.25 }, 0.75))).toEqual(new Set([0.5]));
    expect(new Set(await changed('contrast', { factor: 0.5 }, 0.25))).toEqual(new Set([0.375]));
    expect(new Set(await changed('jpeg', {}, 100 / 255))).toEqual(new Set([Math.fround(100 / 255)]));
    const noise = (await changed('uniform-noise', { epsilon: 0.125 }, 0.5)).map((v) => v - 0.5);
    expect(Math.max(...noise.map(Math.abs))).toBeLessThanOrEqual(0.125);
    expect(Math.max(...noise)).toBeGreaterThan(0.115);
    expect(Math.min(...noise)).toBeLessThan(-0.115);
  });

  it('Gaussian noise is normal, of the given deviation', async () => {
    const noise = (await changed('gaussian-noise', { sigma: 0.1 }, 0.5)).map((v) => (v - 0.5) / 0.1);
    const mean = (of: (v: number) => number) => total(Array.from(noise, of)) / noise.length;
    // Of 432 values: four standard deviations each way.
    expect(Math.abs(mean((v) => v))).toBeLessThan(0.2);
    expect(Math.abs(mean((v) => v * v) - 1)).toBeLessThan(0.28);
    expect(Math.abs(mean((v) => Number(Math.abs(v) < 1)) - 0.683)).toBeLessThan(0.09);
  });

  it('JPEG keeps rows, columns and colours, and loses more at a lower quality', async () => {
    const v = await victim(1);
    const data = v.image.data.map((_, i) => ((i % 144) / 144) * (i < 144 ? 1 : 0.3));
    const image = tensor([3, 12, 12], data);
    const fine = await runOne(prepare('jpeg', { quality: 100 }), { ...v, image });
    const coarse = await runOne(prepare('jpeg', { quality: 5 }), { ...v, image });
    expect(fine.linf).toBeLessThan(0.06);
    expect(coarse.l2).toBeGreaterThan(2 * fine.l2);
    expect((await predict(tensor([1, 3, 12, 12], fine.image.data))).data).toEqual(fine.logits);
  });
});
