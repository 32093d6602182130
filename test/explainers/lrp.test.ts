import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { lrp } from '../../src/explainers/lrp.ts';
import {
  epsilonRule,
  flatRule,
  gammaRule,
  zBoxRule,
  zPlusRule,
  type LinearLayer,
} from '../../src/explainers/lrp/rules.ts';
import * as g from '../../src/graph/index.ts';
import { createRng, type Rng } from '../../src/numeric/random.ts';
import { nets } from './nets.ts';

const composites = ['epsilon-plus', 'epsilon-gamma-box'] as const;

function values(shape: readonly number[], rng: Rng, draw = () => rng.normal()): Value {
  return { shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw) };
}

function explain(net: string, seed: number, composite: (typeof composites)[number], bias: boolean) {
  const rng = createRng(seed, net);
  const model = nets[net](rng, { bias, normalise: true });
  const target = g.input('target', ['N', 4]);
  const attribution = lrp.attribution({ model, target, options: lrp.options.parse({ composite }) });
  const pixels = values([1, 3, ...model.size], rng, () => rng.uniform());
  const chosen = { shape: [1, 4], data: Float64Array.of(0, 1, 0, 0) };
  return evaluate(
    [attribution, model.logits],
    new Map([
      [model.pixels, pixels],
      [target, chosen],
    ]),
    1,
  );
}

describe('lrp', () => {
  for (const composite of composites)
    it.each(Object.keys(nets))(`${composite} keeps the relevance without bias on the %s net`, (net) => {
      for (let seed = 0; seed < 5; seed++) {
        const [relevance, logits] = explain(net, seed, composite, false);
        const total = relevance.data.reduce((s, v) => s + v, 0);
        // ε = 1e-6 takes its part at each of a handful of layers.
        expect(Math.abs(total - logits.data[1])).toBeLessThan(1e-3 * Math.max(1, Math.abs(logits.data[1])));
      }
    });
});

/** A dense layer [2,5] -> [2,4] and its relevances, with each rule written out as sums over i and j. */
describe('rules on a dense layer, as plain matrix algebra', () => {
  const rng = createRng(11, 'rules');
  const [inputs, outputs, batch, epsilon] = [5, 4, 2, 1e-6];
  const weights = values([inputs, outputs], rng);
  const bias = values([outputs], rng);
  const relevance = values([batch, outputs], rng);
  const w = (i: number, j: number) => weights.data[i * outputs + j];
  const stable = (z: number) => z + (z >= 0 ? epsilon : -epsilon);
  const up = (v: number) => Math.max(v, 0);
  const down = (v: number) => Math.min(v, 0);
  const range = (n: number) => Array.from({ length: n }, (_, k) => k);
  const total = (f: (k: number) => number, n: number) => range(n).reduce((s, k) => s + f(k), 0);

  /** Contribution of input i to output j, and what else stands in the denominator of output j. */
  type Shares = (
    x: (i: number) => number,
    z: (j: number) => number,
  ) => { share: (i: number, j: number) => number; rest: (j: number) => number };
  const cases: [string, (l: LinearLayer, r: g.Node) => g.Node, Shares][] = [
    ['epsilon', epsilonRule(epsilon), (x) => ({ share: (i, j) => x(i) * w(i, j), rest: (j) => bias.data[j] })],
    ['z-plus', zPlusRule(epsilon), (x) => ({ share: (i, j) => up(x(i) * w(i, j)), rest: (j) => up(bias.data[j]) })],
    [
      'gamma',
      gammaRule(0.5, epsilon),
      (x, z) => {
        const own = (j: number) => (z(j) > 0 ? up : down);
        return {
          share: (i, j) => x(i) * w(i, j) + 0.5 * own(j)(x(i) * w(i, j)),
          rest: (j) => bias.data[j] + 0.5 * own(j)(bias.data[j]),
        };
      },
    ],
    [
      'z-box',
      zBoxRule(g.scalar(-2), g.scalar(3), epsilon),
      (x) => ({ share: (i, j) => x(i) * w(i, j) + 2 * up(w(i, j)) - 3 * down(w(i, j)), rest: () => 0 }),
    ],
    ['flat', flatRule(epsilon), () => ({ share: () => 1, rest: () => 0 })],
  ];

  for (const signed of [true, false])
    it.each(cases)(`%s, ${signed ? 'inputs of any sign' : 'inputs after a ReLU'}`, (_, rule, shares) => {
      const pixels = values([batch, inputs], rng, () => (signed ? rng.normal() : Math.max(rng.normal(), 0)));
      const x = g.input('x', ['N', inputs]);
      const r = g.input('r', ['N', outputs]);
      const constants = [g.constant(weights.data, weights.shape), g.constant(bias.data, bias.shape)] as const;
      // abs tells the rules that nothing is negative, where that is so.
      const layer = g.dense(signed ? x : g.abs(x), ...constants) as LinearLayer;
      const [got] = evaluate(
        [rule(layer, r)],
        new Map([
          [x, pixels],
          [r, relevance],
        ]),
        batch,
      );
      for (const n of range(batch)) {
        const xi = (i: number) => pixels.data[n * inputs + i];
        const z = (j: number) => total((i) => xi(i) * w(i, j), inputs) + bias.data[j];
        const { share, rest } = shares(xi, z);
        for (const i of range(inputs)) {
          const expected = total((j) => {
            const denominator = stable(total((k) => share(k, j), inputs) + rest(j));
            return (share(i, j) / denominator) * relevance.data[n * outputs + j];
          }, outputs);
          expect(got.data[n * inputs + i]).toBeCloseTo(expected, 8);
        }
      }
    });
});

it('the box rule reaches a first layer behind a rearrangement of the picture', () => {
  const rng = createRng(6, 'behind');
  const model = nets.plain(rng, { normalise: true });
  // Padding said as an op of its own, as some exporters do: the same model, the same map.
  const [padded] = g.rewrite([model.logits], (node) => {
    if (node.op !== 'conv' || node.inputs[0] !== model.input) return node;
    const [x, w, bias] = node.inputs;
    return g.conv(g.pad(x, [0, 0, 1, 1], [0, 0, 1, 1]), w, bias);
  });
  const target = g.input('target', ['N', 4]);
  const options = lrp.options.parse({ composite: 'epsilon-gamma-box' });
  const maps = [model, { ...model, logits: padded }].map((m) => lrp.attribution({ model: m, target, options }));
  const pixels = values([1, 3, ...model.size], rng, () => rng.uniform());
  const chosen = { shape: [1, 4], data: Float64Array.of(0, 1, 0, 0) };
  const [whole, behind] = evaluate(
    maps,
    new Map([
      [model.pixels, pixels],
      [target, chosen],
    ]),
    1,
  );
  // Only pixels whose windows reach the border differ: there the bounds of the box stand in for padding.
  const inner = (v: Float64Array, c: number, y: number, x: number) => v[(c * 6 + y) * 6 + x];
  for (let c = 0; c < 3; c++)
    for (let y = 2; y < 4; y++)
      for (let x = 2; x < 4; x++) expect(inner(behind.data, c, y, x)).toBeCloseTo(inner(whole.data, c, y, x), 8);
});
