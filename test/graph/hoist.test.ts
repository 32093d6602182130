import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import type { Rng } from '../../src/numeric/random.ts';
import { between, rngs, smooth } from './draw.ts';
import { expectClose } from './fixture.ts';

const terms = 3;
const size = [2, 3, 6, 5];
const [x, y] = ['x', 'y'].map((name) => g.input(name, size));
const noise = g.input('noise', [terms, ...size]);
const numbers = g.input('numbers', [terms]);
const inputs = [x, y, noise, numbers];

const small = between(-0.5, 0.5);
const drawn = (shape: number[], rng: Rng): Node => g.constant(small(shape, rng).data, shape);
const ends = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], groups: 1 } as const;
const window = { kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], ceil: false, countPadding: true } as const;

/** Maps of `[2,3,6,5]` to itself, most of them linear. `s` is the same in all terms, `k` and `e` are a number and a value of each. */
type Step = (v: Node, given: { rng: Rng; s: Node; k: Node; e: Node }) => Node;
const steps: Record<string, Step> = {
  neg: (v) => g.neg(v),
  scaled: (v, { rng }) => g.mul(drawn([3, 1, 1], rng), v),
  'times the shared value': (v, { s }) => g.mul(v, s),
  'divided by what is shared': (v, { s }) => g.div(v, g.add(g.mul(s, s), 2)),
  'plus the shared value': (v, { s }) => g.add(s, v),
  'minus a constant': (v, { rng }) => g.sub(v, drawn([1, 3, 1, 1], rng)),
  'a constant minus it': (v, { rng }) => g.sub(drawn([5], rng), v),
  'times a number': (v, { k }) => g.mul(v, k),
  'plus a number': (v, { k }) => g.add(v, k),
  'plus an entry': (v, { e }) => g.add(v, e),
  convolved: (v, { rng }) => g.conv(v, drawn([3, 3, 3, 3], rng), drawn([3], rng), ends),
  'convolved the other way': (v, { rng }) => g.convInput(v, drawn([3, 3, 3, 3], rng), [6, 5], ends),
  'by wide convolutions': (v, { rng }) =>
    g.convInput(g.conv(v, drawn([8, 3, 5, 5], rng), drawn([8], rng)), drawn([8, 3, 5, 5], rng), [6, 5]),
  pooled: (v) => g.avgPool(v, window),
  dense: (v, { rng }) => g.dense(v, drawn([5, 5], rng), drawn([5], rng)),
  multiplied: (v, { rng }) => g.matmul(drawn([6, 6], rng), v),
  'there and back': (v, { rng }) => g.reshape(g.mul(g.reshape(v, [2, 90]), drawn([90], rng)), size),
  turned: (v, { rng }) => g.transpose(g.mul(g.transpose(v, [1, 3, 0, 2]), drawn([6], rng)), [2, 0, 3, 1]),
  cropped: (v) => g.pad(g.slice(v, 2, 1, 5), [0, 0, 2, 0], [0, 0, 0, 0]),
  'padded with ones': (v) => g.pad(g.slice(v, 3, 1), [0, 0, 0, 0], [0, 0, 0, 1], 1),
  'its mean everywhere': (v) => g.expand(g.reduceMean(v, [1], true), size),
  tanh: (v) => g.tanh(v),
};

const bodies = fc.record({
  chain: fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 7 }),
  start: fc.constantFrom('path', 'entry', 'shared'),
  rng: rngs,
});

type Body = typeof bodies extends fc.Arbitrary<infer B> ? B : never;

const loop = ({ chain, start, rng }: Body): Node =>
  g.sumOver([numbers, noise], [x, y], ([k, e], [from, s]) => {
    const starts = {
      path: g.add(s, g.mul(k, g.sub(from, s))),
      entry: e,
      shared: from,
    };
    return chain.reduce((v, name) => steps[name](v, { rng, s, k, e }), starts[start as keyof typeof starts]);
  });

const drawFeeds = (rng: Rng) => new Map(inputs.map((n) => [n, smooth(n.shape as number[], rng)]));

function expectSame(got: readonly Node[], wanted: readonly Node[], rng: Rng, tolerance = 1e-12): void {
  const feeds = drawFeeds(rng);
  const values = evaluate(wanted, feeds);
  // The terms of a chain can be as large as its weights make them.
  evaluate(got, feeds).forEach((v, i) => {
    const scale = Math.max(1, ...values[i].data.map(Math.abs));
    const scaled = (data: Float64Array) => ({ shape: v.shape, data: data.map((d) => d / scale) });
    expectClose(scaled(v.data), scaled(values[i].data), tolerance);
  });
}

const bodyOf = (node: Node): Node[] => {
  const loops = g.topological([node]).filter((n) => n.op === 'sumOver');
  return loops.flatMap((n) => g.topological([n.attrs.body]));
};
const convolutions = (nodes: readonly Node[]) => nodes.map((n) => n.op).filter((op) => op.startsWith('conv'));

describe('loops, simplified', () => {
  it('have the same sum', () =>
    fc.assert(
      fc.property(bodies, (body) => {
        const sum = loop(body);
        expectSame(g.simplify([sum]), [sum], body.rng);
      }),
      { numRuns: 200, seed: 1 },
    ));

  it('have the same derivatives, taken before and after', () =>
    fc.assert(
      fc.property(bodies, (body) => {
        const gradients = (sum: Node) => {
          const first = g.grad(g.mul(sum, sum), inputs);
          return [...first, ...g.grad(first.map((d) => g.reduceSum(g.mul(d, d))).reduce(g.add), [x, numbers])];
        };
        const sum = loop({ ...body, chain: body.chain.slice(0, 5) });
        const wanted = gradients(sum);
        expectSame(g.simplify(wanted), wanted, body.rng, 1e-10);
        expectSame(gradients(g.simplify([sum])[0]), wanted, body.rng, 1e-10);
      }),
      { numRuns: 25, seed: 2 },
    ));
});

describe('outside of a loop is', () => {
  const w = g.input('w', [16, 3, 5, 5]);

  it('what is the same in all terms', () => {
    const [sum] = g.simplify([g.sumOver([numbers], [x], ([k], [s]) => g.tanh(g.mul(k, g.conv(s, w))))]);
    expect(bodyOf(sum).map((n) => n.op)).toEqual(['input', 'input', 'mul', 'tanh']);
  });

  it('what a gradient has behind its last activation, the numbers it is multiplied by staying inside', () => {
    const gradient = (weight: Node) =>
      g.sumOver([noise, numbers], [x], ([e, k], [s]) => {
        const point = g.add(s, e);
        return g.div(g.mul(k, g.grad(g.sigmoid(g.conv(point, weight)), [point])[0]), 2);
      });
    const wide = g.input('wide', [1, 3, 5, 5]);
    const sum = g.simplify([gradient(wide)])[0];
    expect(sum.op).toBe('div');
    expect(convolutions(bodyOf(sum))).toEqual(['conv']);
    expect(convolutions(g.topological([sum]))).toEqual(['convInput']);
  });

  it('what makes the sum larger only where it takes long', () => {
    const narrowed = (kernel: [number, number]) => {
      const back = (z: Node) => g.convInput(g.tanh(z), g.input('back', [16, 3, ...kernel]), [6, 5]);
      const results = [terms, 2, 16, 7 - kernel[0], 6 - kernel[1]];
      return g.simplify([g.sumOver([g.input('z', results)], [], ([z]) => back(z))])[0];
    };
    expect([narrowed([1, 1]), narrowed([3, 3])].map((sum) => sum.op)).toEqual(['sumOver', 'convInput']);
    const [total] = g.simplify([g.sumOver([noise], [], ([e]) => g.reduceSum(g.tanh(e)))]);
    expect(total.op).toBe('sumOver');
  });
});
