import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { loadModel, type Normalisation } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
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

it.each(Object.keys(attacks))('%s arrives where its peer does, by the same losses', async (key) => {
  const [name, variant] = key.split(' ');
  const attack = attackOf(name);
  const inBall = variant in radii && { norm: variant, ...(name !== 'deepfool' && { epsilon: radii[variant] }) };
  const own = name === 'auto-pgd' ? { loss: variant, epsilon: radii.linf } : inBall;
  const prepared = attack.prepare({ engine, model, options: attack.options.parse({ ...settings[name], ...own }) });
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
  const found = await prepared(victims);
  for (const [i, { image, losses }] of found.entries()) {
    const expected = { image: attacks[key].images[i], losses: attacks[key].losses[i] };
    image.data.forEach((v, j) => expect(Math.abs(v - expected.image[j])).toBeLessThan(1e-5));
    expected.losses.forEach((v, step) => expect(Math.abs(losses![step] - v) / (1 + v)).toBeLessThan(1e-5));
  }
});
