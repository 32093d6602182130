import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { attnLrp } from '../../src/explainers/attn-lrp.ts';
import { relevanceRule } from '../../src/explainers/lrp/propagate.ts';
import { stableRatio } from '../../src/explainers/stable-ratio.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { layerNorm } from '../../src/train/layer-norm.ts';
import { attentionNets } from './nets.ts';

const rng = createRng(12, 'attn-lrp');
const draw = (...shape: number[]): Value => ({
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
});
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const sum = (n: number, f: (i: number) => number) => range(n).reduce((s, i) => s + f(i), 0);
const total = ({ data }: Value) => data.reduce((s, v) => s + v, 0);
const close = (got: Value, expected: (i: number) => number) =>
  got.data.forEach((v, i) => expect(Math.abs(v - expected(i))).toBeLessThan(1e-4 * (1 + Math.abs(v))));

/** The ε rule in all linear layers. */
const rule = relevanceRule(
  (layer, r) => g.mul(layer.inputs[0], g.pullBack(layer, stableRatio(r, layer, 1e-6))[0]!),
  () => false,
);

/** Relevance of the inputs of a function of some values. */
function propagate(values: readonly Value[], f: (...x: Node[]) => Node, relevance: Value): Value[] {
  const inputs = values.map(({ shape }, i) => g.input(`x${i}`, shape));
  const r = g.input('r', relevance.shape);
  const parts = g.backward([f(...inputs)], [r], inputs, rule);
  return evaluate(parts, new Map([...inputs.map((x, i): [Node, Value] => [x, values[i]]), [r, relevance]]), 1);
}

describe('rules, as plain sums', () => {
  it('softmax: each output is expanded at x; what its gradient times x does not tell is constant', () => {
    const [x, r] = [draw(5), draw(5)];
    const scale = sum(5, (j) => Math.exp(x.data[j]));
    const s = (j: number) => Math.exp(x.data[j]) / scale;
    const jacobian = (j: number, i: number) => s(j) * (Number(i === j) - s(i));
    const [got] = propagate([x], (v) => g.softmax(v), r);
    close(got, (i) => sum(5, (j) => ((jacobian(j, i) * x.data[i]) / s(j)) * r.data[j]));
  });

  it('a product of two matrices: each term by its share, half of it to either factor', () => {
    const [a, v, r] = [draw(3, 4), draw(4, 2), draw(3, 2)];
    const term = (j: number, i: number, p: number) => a.data[4 * j + i] * v.data[2 * i + p];
    const share = (j: number, i: number, p: number) =>
      ((term(j, i, p) / sum(4, (k) => term(j, k, p))) * r.data[2 * j + p]) / 2;
    const [ofA, ofV] = propagate([a, v], (x, y) => g.matmul(x, y), r);
    close(ofA, (k) => sum(2, (p) => share(Math.floor(k / 4), k % 4, p)));
    close(ofV, (k) => sum(3, (j) => share(j, Math.floor(k / 2), k % 2)));
    expect(total(ofA) + total(ofV)).toBeCloseTo(total(r), 3);
  });

  it('layer norm: linear, with the deviation that it divides by as a constant', () => {
    const [x, gamma, beta, r] = [draw(6), draw(6), draw(6), draw(6)];
    const mean = total(x) / 6;
    const deviation = Math.sqrt(sum(6, (i) => (x.data[i] - mean) ** 2) / 6 + 1e-5);
    const y = (j: number) => ((x.data[j] - mean) / deviation) * gamma.data[j] + beta.data[j];
    const slope = (j: number, i: number) => ((Number(i === j) - 1 / 6) / deviation) * gamma.data[j];
    const constants = [gamma, beta].map(({ data, shape }) => g.constant(data as Float64Array, shape));
    const [got] = propagate([x], (v) => layerNorm(v, constants[0], constants[1]), r);
    close(got, (i) => sum(6, (j) => ((slope(j, i) * x.data[i]) / y(j)) * r.data[j]));
  });

  it('GELU: relevance passes', () => {
    const [x, r] = [draw(4), draw(4)];
    close(propagate([x], (v) => g.gelu(v), r)[0], (i) => r.data[i]);
  });
});

it.each(Object.keys(attentionNets))('without bias only softmax keeps relevance to itself, %s', (net) => {
  for (let seed = 0; seed < 5; seed++) {
    const model = attentionNets[net](createRng(seed, net), { bias: false, activation: (x) => g.gelu(x) });
    const target = g.input('target', ['N', 4]);
    const kept: Node[] = [];
    const [map] = g.backward([model.logits], [g.mul(model.logits, target)], [model.input], (node, r) => {
      const parts = rule(node, r);
      if (node.op === 'softmax') kept.push(g.sub(g.reduceSum(r), g.reduceSum(parts![0]!)));
      return parts;
    });
    const pixels = { shape: [1, 3, 6, 6], data: Float64Array.from({ length: 108 }, () => rng.uniform()) };
    const chosen = { shape: [1, 4], data: Float64Array.of(0, 1, 0, 0) };
    const values = evaluate(
      [map, attnLrp.attribution({ model, target, options: {} }), model.logits, ...kept],
      new Map([
        [model.pixels, pixels],
        [target, chosen],
      ]),
      1,
    );
    const [attribution, explained, logits, ...rest] = values;
    attribution.data.forEach((v, i) => expect(explained.data[i]).toBeCloseTo(v, 8));
    expect(rest).toHaveLength(2);
    const scale = Math.max(...attribution.data.map(Math.abs), Math.abs(logits.data[1]));
    const arrived = total(attribution) + rest.reduce((s, v) => s + total(v), 0);
    expect(Math.abs(arrived - logits.data[1])).toBeLessThan(2e-3 * scale);
  }
});
