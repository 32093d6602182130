import { afterAll, describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { oneHot, batchOf, type Tensor } from '../../src/numeric/tensor.ts';
import { toyAttacks } from './toy.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());
const { model, victim, prepare, runOne } = toyAttacks(engine);

const attribution = (m: Model, target: Node) => g.grad(g.reduceSum(g.mul(m.logits, target), [1]), [m.input])[0];
const explain = engine.compile({ map: attribution(model, g.input('target', ['N', model.classes])) });
const side = 12;

/** |gradient| summed over channels, of sum 1. */
async function mapOf(image: Tensor, label: number): Promise<number[]> {
  const { data } = (await explain.run({ pixels: batchOf(image), target: oneHot(label, model.classes) })).map;
  const map = Array.from({ length: side * side }, (_, p) =>
    [0, 1, 2].reduce((s, c) => s + Math.abs(data[c * side * side + p]), 0),
  );
  const total = map.reduce((a, b) => a + b, 0);
  return map.map((v) => v / total);
}

const centreOf = (map: readonly number[]) => [
  map.reduce((s, v, p) => s + v * Math.floor(p / side), 0),
  map.reduce((s, v, p) => s + v * (p % side), 0),
];

/** How far the attacker got, by the paper's definitions: more is worse for the explanation. */
const dissimilarities: Record<string, (clean: number[], map: number[]) => number> = {
  'top-k'(clean, map) {
    const threshold = [...clean].sort((a, b) => b - a)[Math.round(0.1 * map.length) - 1];
    return -map.reduce((s, v, p) => s + (clean[p] >= threshold ? v : 0), 0);
  },
  'mass-centre'(clean, map) {
    const [a, b] = [centreOf(clean), centreOf(map)];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  },
  'target-region': (_, map) => map.reduce((s, v, p) => s + (p % side < 6 && Math.floor(p / side) < 6 ? v : 0), 0),
};

describe('ghorbani', () => {
  it.each(Object.keys(dissimilarities))(
    '%s moves the map further than random signs of the same size',
    async (measure) => {
      const epsilon = 0.03;
      const options = { measure, epsilon, steps: 30, stepSize: 0.003, share: 0.1 };
      const attack = prepare('ghorbani', options, attribution);
      const control = prepare('random-sign', { epsilon });
      let wins = 0;
      for (let seed = 0; seed < 5; seed++) {
        const v = await victim(seed);
        const result = await runOne(attack, v);
        const random = await runOne(control, await victim(seed));
        expect(result.linf).toBeLessThanOrEqual(epsilon + 1e-6);
        expect(result.labelChanged).toBe(false);
        const clean = await mapOf(v.image, v.target);
        const reached = async (image: Tensor) =>
          dissimilarities[measure](clean, await mapOf(image, v.target)) - dissimilarities[measure](clean, clean);
        expect(await reached(result.image)).toBeGreaterThan(0);
        if ((await reached(result.image)) > (await reached(random.image))) wins++;
      }
      expect(wins).toBe(5);
    },
  );

  it.each(Object.keys(dissimilarities))('%s reports the loss of the paper, between 0 and 1', async (measure) => {
    // Softplus of so large a β is ReLU, so the copy shows what the model shows.
    const options = { measure, steps: 1, stepSize: 1e-3, share: 0.1, beta: 1e5 };
    const v = await victim(2);
    const { losses } = await runOne(prepare('ghorbani', options, attribution), v);
    const clean = await mapOf(v.image, v.target);
    const offset = { 'top-k': 0, 'mass-centre': 1, 'target-region': 1 }[measure]!;
    const expected = offset - dissimilarities[measure](clean, clean);
    // The centre begins a random step away, where it has a way to go.
    expect(losses![0]).toBeCloseTo(expected, measure === 'mass-centre' ? 1 : 4);
    expect(losses![0]).toBeLessThanOrEqual(1);
  });

  it('returns the picture where nothing better keeps the prediction', async () => {
    const v = await victim(3);
    const options = { steps: 3, stepSize: 1e-9, epsilon: 1e-9 };
    const { linf } = await runOne(prepare('ghorbani', options, attribution), v);
    expect(linf).toBeLessThan(1e-6);
  });
});

describe('random-sign', () => {
  it('moves every value by the radius, about half of them up', async () => {
    const v = await victim(4);
    const [{ image }] = await prepare('random-sign', { epsilon: 0.01 })([v]);
    const moves = image.data.map((p, i) => p - v.image.data[i]);
    moves.forEach((d) => expect(Math.abs(d)).toBeCloseTo(0.01, 6));
    const up = moves.filter((d) => d > 0).length / moves.length;
    expect(up > 0.4 && up < 0.6).toBe(true);
  });
});
