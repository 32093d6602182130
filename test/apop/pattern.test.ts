import { describe, expect, it } from 'vitest';
import { patternLogits, type Pooling } from '../../src/apop/pattern.ts';
import { evaluate } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { layersBetween, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { nets } from '../explainers/nets.ts';

const picture = (seed: number, size: number, batch = 1) => {
  const rng = createRng(seed, 'picture');
  const data = Float64Array.from({ length: batch * 3 * size * size }, () => rng.uniform());
  return { shape: [batch, 3, size, size], data };
};

/** Logits of x and those of a reference under the patterns of x. */
function both(model: Model, x: ReturnType<typeof picture>, reference: ReturnType<typeof picture>, pooling: Pooling) {
  const other = g.input('reference', model.pixels.shape);
  const feeds = new Map([
    [model.pixels, x],
    [other, reference],
  ]);
  const [logits, patterned] = evaluate([model.logits, patternLogits(model, other, pooling)], feeds, x.shape[0]);
  return { logits: [...logits.data], patterned: [...patterned.data] };
}

describe('the picture as its own reference', () => {
  it.each(Object.keys(nets))('has the logits of the model exactly, %s net', (net) => {
    for (const activation of [g.relu, (x: Node) => g.leakyRelu(x, 0.2)]) {
      const model = nets[net](createRng(1, net), { activation, normalise: true });
      const x = picture(2, 6, 2);
      const { logits, patterned } = both(model, x, x, 'recorded');
      expect(patterned).toEqual(logits);
    }
  });

  it('may differ for smooth activations, which lose their bend', () => {
    const model = nets.plain(createRng(1), { activation: (x) => g.gelu(x) });
    const { logits, patterned } = both(model, picture(2, 6), picture(2, 6), 'own');
    expect(patterned).not.toEqual(logits);
  });
});

/** conv 2x2 -> activation -> max pool 2x2 -> dense -> activation -> dense, and the same by loops. */
function toy(seed: number, activation: (x: Node) => Node) {
  const rng = createRng(seed);
  const draw = (...shape: number[]) =>
    g.constant(
      Float64Array.from({ length: shape.reduce((n, d) => n * d) }, () => rng.normal()),
      shape,
    );
  const [w1, b1, w2, b2, w3, b3] = [draw(4, 3, 2, 2), draw(4), draw(16, 5), draw(5), draw(5, 3), draw(3)];
  const pixels = g.input('pixels', ['N', 3, 5, 5]);
  const pool = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;
  const pooled = g.maxPool(activation(g.conv(pixels, w1, b1)), pool);
  const hidden = activation(g.dense(g.reshape(pooled, ['N', 16]), w2, b2));
  const logits = g.dense(hidden, w3, b3);
  const parts = { layers: layersBetween(pixels, logits), size: [5, 5] as const, classes: 3, notes: [] };
  const model: Model = { name: 'toy', pixels, input: pixels, logits, hash: 'toy', ...parts };
  const value = (n: Node, i: number) => (n.op === 'constant' ? n.attrs.data[i] : NaN);

  function naive(x: Float64Array, reference: Float64Array, off: number, pooling: Pooling): number[] {
    const convolved = (v: Float64Array) =>
      Array.from({ length: 64 }, (_, k) => {
        const [o, r, q] = [k >> 4, (k >> 2) & 3, k & 3];
        let sum = value(b1, o);
        for (let c = 0; c < 3; c++)
          for (let i = 0; i < 4; i++)
            sum += value(w1, o * 12 + c * 4 + i) * v[c * 25 + (r + (i >> 1)) * 5 + q + (i & 1)];
        return sum;
      });
    const layer = (v: number[], w: Node, b: Node, out: number) =>
      Array.from({ length: out }, (_, j) => v.reduce((s, a, i) => s + a * value(w, i * out + j), value(b, j)));
    const gate = (z: number[]) => z.map((v) => (v > 0 ? 1 : off));
    const times = (a: number[], b: number[]) => a.map((v, i) => v * b[i]);
    const window = (k: number) => {
      const start = (k >> 2) * 16 + ((k >> 1) & 1) * 8 + (k & 1) * 2;
      return [start, start + 1, start + 4, start + 5];
    };
    const places = (v: number[]) =>
      Array.from({ length: 16 }, (_, k) => window(k).reduce((best, i) => (v[i] > v[best] ? i : best)));

    const z1 = convolved(x);
    const a1 = times(z1, gate(z1));
    const z2 = layer(
      places(a1).map((i) => a1[i]),
      w2,
      b2,
      5,
    );
    const r1 = times(convolved(reference), gate(z1));
    const routed = (pooling === 'recorded' ? places(a1) : places(r1)).map((i) => r1[i]);
    return layer(times(layer(routed, w2, b2, 5), gate(z2)), w3, b3, 3);
  }
  return { model, naive };
}

describe('a naive float64 computation', () => {
  const activations = [
    { name: 'ReLU', activation: g.relu, off: 0 },
    { name: 'LeakyReLU, its slope where off', activation: (x: Node) => g.leakyRelu(x, 0.3), off: 0.3 },
  ];
  it.each(activations)('agrees for $name, own and recorded pooling', ({ activation, off }) => {
    for (let seed = 0; seed < 5; seed++) {
      const { model, naive } = toy(seed, activation);
      const [x, reference] = [picture(seed, 5), picture(seed + 100, 5)];
      const [own, recorded] = (['own', 'recorded'] as const).map((pooling) => {
        const expected = naive(x.data, reference.data, off, pooling);
        const { patterned } = both(model, x, reference, pooling);
        patterned.forEach((v, k) => expect(v).toBeCloseTo(expected[k], 12));
        return patterned;
      });
      expect(own).not.toEqual(recorded);
    }
  });

  it('leaves only biases for a black reference: through a net without biases it says nothing', () => {
    const black = { ...picture(1, 6), data: new Float64Array(108) };
    const silent = both(nets.pooled(createRng(1), { bias: false }), picture(1, 6), black, 'own');
    expect(silent.patterned.every((v) => v === 0)).toBe(true);
    expect(both(nets.pooled(createRng(1)), picture(1, 6), black, 'own').patterned.some((v) => v !== 0)).toBe(true);
  });
});
