import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { loadModel, type Normalisation } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import type { Perturbed } from '../../attacks/index.ts';
import { attackOf } from './toy.ts';

const file = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const unpack = (name: string): unknown => JSON.parse(gunzipSync(readFileSync(file(name))).toString());

/** The net's pictures, made by test/fixtures/explainers_reference.py. */
const { size, preprocessing, pixels } = unpack('explainers_reference.json.gz') as {
  readonly size: number;
  readonly preprocessing: Normalisation;
  readonly pixels: number[];
};
/** The pictures after attacks by foolbox and torchattacks, made in float64 by test/fixtures/attacks_reference.py. */
const { radii, labels, uniform, attacks } = unpack('attacks_reference.json.gz') as {
  readonly radii: Record<string, number>;
  readonly labels: number[];
  /** Numbers in [0,1] from which Auto-PGD's start is made. */
  readonly uniform: number[];
  readonly attacks: Record<string, { images: number[][]; losses: number[][] }>;
};

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());
const model = await loadModel({ file: file('explainers_plain.onnx'), preprocessing });

const settings: Record<string, object> = {
  pgd: { randomStart: false },
  'carlini-wagner': { searches: 4, steps: 60, initialConst: 0.1, confidence: 0.01 },
  'auto-pgd': { steps: 40 },
};

/** The same by attacks that steer to a class, made by test/fixtures/targeted_reference.py. */
const steered = unpack('targeted_reference.json.gz') as {
  readonly goals: Record<'next' | 'least-likely', number[]>;
  readonly attacks: typeof attacks;
};

interface Expected {
  readonly images: number[][];
  readonly losses: number[][];
}

async function attacked(name: string, options: object) {
  const attack = attackOf(name);
  const prepared = attack.prepare({ engine, model, options: attack.options.parse({ ...settings[name], ...options }) });
  const area = 3 * size * size;
  const victims = labels.map((target, i) => {
    let drawn = 0;
    return {
      image: tensor([3, size, size], pixels.slice(i * area, (i + 1) * area)),
      target,
      rng: { ...createRng(0), uniform: () => uniform[drawn++] },
      other: () => Promise.reject(new Error('not asked for')),
    };
  });
  return prepared(victims);
}

function expectSame(found: readonly Perturbed[], { images, losses: expected }: Expected): void {
  for (const [i, { image, losses }] of found.entries()) {
    image.data.forEach((v, j) => expect(Math.abs(v - images[i][j])).toBeLessThan(1e-5));
    expected[i].forEach((v, step) => expect(Math.abs(losses![step] - v) / (1 + v)).toBeLessThan(1e-5));
  }
}

it.each(Object.keys(attacks))('%s arrives where its peer does, by the same losses', async (key) => {
  const [name, variant] = key.split(' ');
  const inBall = variant in radii && { norm: variant, ...(name !== 'deepfool' && { epsilon: radii[variant] }) };
  const own = name === 'auto-pgd' ? { loss: variant, epsilon: radii.linf } : inBall;
  expectSame(await attacked(name, { ...own }), attacks[key]);
});

it.each(Object.keys(steered.attacks))('%s arrives where foolbox does when it steers to a class', async (key) => {
  const [name, ...rest] = key.split(' ');
  const goal = rest.at(-1) as keyof typeof steered.goals;
  const norm = rest.length > 1 ? { norm: rest[0], epsilon: radii[rest[0]] } : { initialConst: 1 };
  const found = await attacked(name, { ...norm, target: goal });
  expect(found.map((f) => f.goal)).toEqual(steered.goals[goal]);
  expectSame(found, steered.attacks[key]);
  const [class0] = steered.goals[goal];
  const [byIndex] = await attacked(name, { ...norm, target: class0 });
  expect(byIndex.image).toEqual(found[0].image);
});

it('steers to no class that is not there', async () => {
  await expect(attacked('pgd', { target: 99 })).rejects.toThrow(/99 is none of them/);
  expect(() => attackOf('pgd').options.parse({ target: 'first' })).toThrow(/next or least-likely/);
});
