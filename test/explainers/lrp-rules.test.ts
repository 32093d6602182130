import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { relevanceOfInput, type LinearLayer } from '../../src/explainers/lrp/linear.ts';
import { mapWeight } from '../../src/explainers/lrp/map-weight.ts';
import { relevanceRule } from '../../src/explainers/lrp/propagate.ts';
import { rules, type RuleName } from '../../src/explainers/lrp/rules.ts';
import * as g from '../../src/graph/index.ts';
import { createRng, type Rng } from '../../src/numeric/random.ts';

const epsilon = 1e-6;
const settings = { epsilon: 0.1, gamma: 0.5, alpha: 2 };
const [low, high] = [-2, 3];

const up = (v: number) => Math.max(v, 0);
const down = (v: number) => Math.min(v, 0);
const sum = (values: readonly number[]) => values.reduce((s, v) => s + v, 0);
const stable = (z: number, e = epsilon) => z + (z >= 0 ? e : -e);

/** One output j: inputs x_i, its weights w_ij (0 or not there: no connection), its bias and its relevance. */
interface Output {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly connected: readonly boolean[];
  readonly bias: number;
  readonly relevance: number;
}

/** What each input gets from one output: its contribution over all contributions and the bias's. */
function shared(contributions: readonly number[], bias: number, relevance: number, e = epsilon): number[] {
  const z = stable(sum(contributions) + bias, e);
  return contributions.map((c) => (c / z) * relevance);
}

/** Each rule again, as plain algebra on the matrix of the layer. */
const naive: Record<RuleName, (output: Output) => number[]> = {
  zero: ({ x, w, bias, relevance }) => shared(x.map((v, i) => v * w[i]), bias, relevance, 0), // prettier-ignore
  epsilon: ({ x, w, bias, relevance }) => shared(x.map((v, i) => v * w[i]), bias, relevance, settings.epsilon), // prettier-ignore
  gamma({ x, w, bias, relevance }) {
    const contributions = x.map((v, i) => v * w[i]);
    const z = sum(contributions) + bias;
    if (z === 0) return x.map(() => 0);
    const raise = (c: number) => c + settings.gamma * (z > 0 ? up(c) : down(c));
    return shared(contributions.map(raise), raise(bias), relevance);
  },
  'alpha-beta'({ x, w, bias, relevance }) {
    const above = shared(x.map((v, i) => up(v * w[i])), up(bias), relevance); // prettier-ignore
    const below = shared(x.map((v, i) => down(v * w[i])), down(bias), relevance); // prettier-ignore
    return above.map((v, i) => 2 * v - below[i]);
  },
  'z-plus': ({ x, w, bias, relevance }) => shared(x.map((v, i) => up(v * w[i])), up(bias), relevance), // prettier-ignore
  'w-square': ({ w, relevance }) => shared(w.map((v) => v * v), 0, relevance), // prettier-ignore
  flat: ({ connected, relevance }) => shared(connected.map(Number), 0, relevance),
  'z-box': ({ x, w, relevance }) =>
    shared(x.map((v, i) => v * w[i] - low * up(w[i]) - high * down(w[i])), 0, relevance), // prettier-ignore
};

const draw = (shape: readonly number[], rng: Rng, next = () => rng.normal()): Value => ({
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next),
});
const constantOf = ({ data, shape }: Value) => g.constant(data, shape);

interface Case {
  readonly shape: readonly number[];
  /** The layer on x without bias, with given or all-one weights. */
  make(x: g.Node, ones: boolean): g.Node;
}

const zeroOrOne = fc.integer({ min: 0, max: 1 });

/** A dense layer or a convolution with any stride, padding, dilation and number of groups. */
const cases = fc
  .record({
    dense: fc.boolean(),
    groups: fc.constantFrom(1, 2),
    channels: fc.integer({ min: 1, max: 2 }),
    outputs: fc.integer({ min: 1, max: 3 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    pads: fc.tuple(zeroOrOne, zeroOrOne, zeroOrOne, zeroOrOne),
    dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    biased: fc.boolean(),
    signed: fc.boolean(),
    rectified: fc.boolean(),
    seed: fc.integer(),
  })
  .map(({ dense, groups, channels, outputs, kernel, strides, pads, dilations, ...rest }) => {
    const rng = createRng(rest.seed, 'weights');
    const weight = draw(dense ? [channels * 3, outputs] : [outputs * groups, channels, ...kernel], rng);
    const attrs = { groups, strides, pads, dilations };
    const made: Case = {
      shape: dense ? [channels * 3] : [channels * groups, 5, 6],
      make(x, ones) {
        const w = constantOf(ones ? { ...weight, data: weight.data.map(() => 1) } : weight);
        return dense ? g.dense(x, w) : g.conv(x, w, undefined, attrs);
      },
    };
    return { ...made, ...rest, rng };
  });

/** The matrix `[inputs][outputs]` of a linear map, column by column. */
function matrixOf({ shape, make }: Case, ones: boolean): number[][] {
  const inputs = shape.reduce((a, b) => a * b, 1);
  const x = g.input('x', ['N', ...shape]);
  const units = new Float64Array(inputs * inputs);
  for (let i = 0; i < inputs; i++) units[i * inputs + i] = 1;
  const [{ data }] = evaluate([make(x, ones)], new Map([[x, { shape: [inputs, ...shape], data: units }]]), inputs);
  const outputs = data.length / inputs;
  return Array.from({ length: inputs }, (_, i) => Array.from(data.slice(i * outputs, (i + 1) * outputs)));
}

it.each(Object.keys(rules) as RuleName[])('%s is the rule written out as matrix algebra', (name) => {
  fc.assert(
    fc.property(cases, ({ signed, biased, rectified, rng, ...made }) => {
      const x = g.input('x', ['N', ...made.shape]);
      const pixels = draw([2, ...made.shape], rng, () =>
        name === 'z-box' ? low + (high - low) * rng.uniform() : signed ? rng.normal() : up(rng.normal()),
      );
      // abs tells the rules that nothing is negative, where that is so.
      const bare = made.make(signed || name === 'z-box' ? x : g.abs(x), false) as LinearLayer;
      const [from, weight] = bare.inputs;
      const channels = g.sizeAlong(bare, bare.op === 'conv' ? 1 : -1);
      const bias = draw([channels], rng, () => (biased ? rng.normal() : 0));
      const own = biased ? constantOf(bias) : undefined;
      const layer = (bare.op === 'conv' ? g.conv(from, weight, own, bare.attrs) : g.dense(from, weight, own)) as LinearLayer; // prettier-ignore
      const r = g.input('r', layer.shape);
      const around = { box: [g.scalar(low), g.scalar(high)] as const, rectified: () => rectified };
      const result = relevanceOfInput(layer, r, rules[name](settings), around);

      const [y] = evaluate([layer], new Map([[x, pixels]]), 2);
      const relevance = { ...y, data: y.data.map((v) => (rectified && v <= 0 ? 0 : rng.normal())) };
      const [got] = evaluate([result], new Map([[x, pixels], [r, relevance]]), 2); // prettier-ignore

      const matrix = matrixOf(made, false);
      const ones = matrixOf(made, true);
      const [inputs, outputs] = [matrix.length, matrix[0].length];
      for (let n = 0; n < 2; n++) {
        const values = Array.from(pixels.data.slice(n * inputs, (n + 1) * inputs));
        const expected = new Array<number>(inputs).fill(0);
        for (let j = 0; j < outputs; j++)
          naive[name]({
            x: values,
            w: matrix.map((row) => row[j]),
            connected: ones.map((row) => row[j] === 1),
            bias: bias.data[Math.floor((j * channels) / outputs)],
            relevance: relevance.data[n * outputs + j],
          }).forEach((v, i) => (expected[i] += Number.isNaN(v) ? 0 : v));
        const scale = Math.max(1, ...expected.map(Math.abs));
        expected.forEach((v, i) => expect(Math.abs(got.data[n * inputs + i] - v)).toBeLessThan(1e-8 * scale));
      }
    }),
    { numRuns: 30 },
  );
});

describe('weights that are being trained', () => {
  const w = g.input('w', [5]);
  const data = Float64Array.of(-2.5, -1, 0, 0.5, 3);
  const names = (Object.keys(rules) as RuleName[]).filter((name) => name !== 'w-square');

  it.each(names)('are changed by the rule %s as constants are', (name) => {
    const changes = rules[name](settings).parts.flatMap(({ terms }) => terms.flatMap(({ weight }) => weight ?? []));
    for (const change of changes) {
      const [{ data: got }] = evaluate([mapWeight(w, change)], { w: { shape: [5], data } });
      got.forEach((v, i) => expect(v).toBeCloseTo(change(data[i]), 12));
    }
  });

  it('are refused where a rule is not linear on each side of 0', () => {
    expect(() => mapWeight(w, (v) => v * v)).toThrow(/weights that are constant/);
    expect(() => mapWeight(w, (v) => (v > 0 ? v * v : v))).toThrow(g.GraphError);
    expect(() => mapWeight(w, (v) => (v < 0 ? v * v : v))).toThrow(g.GraphError);
  });
});

describe('activations', () => {
  const [x, r] = ['x', 'r'].map((name) => g.input(name, ['N', 4]));
  const [at, arrived] = [Float64Array.of(-2, -0.5, 0.25, 3), Float64Array.of(1, -2, 3, 4)];
  const none = () => {
    throw new Error('no linear layer');
  };
  const rule = relevanceRule(none, () => false);
  const logistic = (v: number) => 1 / (1 + Math.exp(-v));

  it.each<[string, g.Node, value: (v: number) => number, slope: (v: number) => number]>([
    ['softplus', g.softplus(x), (v) => Math.log1p(Math.exp(v)), logistic],
    ['sigmoid', g.sigmoid(x), logistic, (v) => logistic(v) * (1 - logistic(v))],
  ])('what %s is at 0 keeps its share, as a bias does', (_, node, value, slope) => {
    const [own] = rule(node, r)!;
    const feeds = { x: { shape: [1, 4], data: at }, r: { shape: [1, 4], data: arrived } };
    evaluate([own!], feeds)[0].data.forEach((got, i) =>
      expect(got).toBeCloseTo((at[i] * slope(at[i]) * arrived[i]) / (value(at[i]) + epsilon), 12),
    );
  });

  it.each([g.relu(x), g.leakyRelu(x), g.elu(x), g.gelu(x), g.silu(x), g.tanh(x), g.clip(x, 0, 6)])(
    'pass relevance on: $op',
    (node) => expect(rule(node, r)![0]).toBe(r),
  );
});
