import { describe, expect, it } from 'vitest';
import { evaluate, value } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { smooth } from './draw.ts';
import { expectClose } from './fixture.ts';

const terms = 3;
const rng = createRng(0, 'sum-over');
const x = g.input('x', [2, 4]);
const w = g.input('w', [4]);
const noise = g.input('noise', [terms, 2, 4]);
const feeds = Object.fromEntries([x, w, noise].map((n) => [n.name, smooth(n.shape as number[], rng)]));
const term = (k: number, sequence: g.Node) => g.reshape(g.slice(sequence, 0, k, k + 1), sequence.shape.slice(1));

type Body = (entry: g.Node, x: g.Node) => g.Node;
const unrolled = (body: Body): g.Node => [0, 1, 2].map((k) => body(term(k, noise), x)).reduce(g.add);
const looped = (body: Body): g.Node => g.sumOver([noise], [x], ([entry], [shared]) => body(entry, shared));

function expectSame(a: readonly g.Node[], b: readonly g.Node[]): void {
  const wanted = evaluate(b, feeds);
  evaluate(a, feeds).forEach((v, i) => expectClose(v, wanted[i], 1e-12));
}

/** Value, gradients in all three inputs, and gradients of the squared gradients. */
function derivatives(y: g.Node): g.Node[] {
  const first = g.grad(y, [x, w, noise]);
  const squares = first.map((d) => g.reduceSum(g.mul(d, d))).reduce(g.add);
  return [y, ...first, ...g.grad(squares, [x, w, noise])];
}

const bodies: Record<string, Body> = {
  'an entry and a shared value': (e, s) => g.mul(g.tanh(g.add(e, s)), s),
  'a captured input': (e, s) => g.sigmoid(g.mul(g.add(e, s), w)),
  'a captured input that is shared too': (e, s) => g.mul(g.exp(e), g.mul(s, x)),
  'a captured expression': (e, s) => g.mul(g.add(e, s), g.exp(g.mul(w, x))),
  'a term that is the same each time': () => g.exp(x),
  'a gradient inside': (e, s) => g.grad(g.mul(g.tanh(g.mul(s, e)), w), [s])[0],
  'a term smaller than its entry': (e, s) => g.reduceSum(g.mul(e, g.exp(s)), [1]),
};

describe('sumOver equals the unrolled sum, with its first and second derivative', () => {
  it.each(Object.entries(bodies))('%s', (_, body) => {
    expectSame(derivatives(looped(body)), derivatives(unrolled(body)));
  });

  it('nested, the inner body using everything around it', () => {
    const pair = (e: g.Node, f: g.Node, s: g.Node) => g.mul(g.tanh(g.add(g.mul(e, f), s)), g.mul(w, e));
    const nested = looped((e, s) => g.sumOver([noise], [], ([f]) => pair(e, f, s)));
    const flat = unrolled((e, s) => [0, 1, 2].map((k) => pair(e, term(k, noise), s)).reduce(g.add));
    expectSame(derivatives(nested), derivatives(flat));
  });

  it('several sequences, one of numbers', () => {
    const alphas = g.constant(Float64Array.of(0, 0.5, 1), [terms]);
    const both = g.sumOver([alphas, noise], [], ([alpha, e]) => g.tanh(g.add(g.mul(x, alpha), e)));
    const flat = [0, 1, 2].map((k) => g.tanh(g.add(g.mul(x, term(k, alphas)), term(k, noise)))).reduce(g.add);
    expectSame(derivatives(both), derivatives(flat));
  });
});

describe('sumOver', () => {
  it('has the gradient in a node whose value the body captures', () => {
    const inner = g.exp(x);
    const y = g.sumOver([noise], [], ([e]) => g.mul(e, g.mul(inner, inner)));
    expectSame(g.grad(y, [inner]), [g.mul(g.mul(inner, 2), g.reduceSum(noise, [0]))]);
  });

  it('computes what does not change with the terms outside of its body', () => {
    const heavy = g.exp(g.exp(x));
    const y = g.sumOver([noise], [], ([e]) => g.mul(e, heavy));
    expect(y.inputs).toEqual([noise, heavy]);
    expect(y.op === 'sumOver' && g.topological([y.attrs.body]).map((n) => n.op)).toEqual(['input', 'input', 'mul']);
  });

  it('takes part in rewriting by its operands', () => {
    const y = g.sumOver([noise], [], ([e]) => g.mul(e, g.relu(x)));
    const [z] = g.rewrite([y], (node) => (node.op === 'relu' ? g.exp(node.inputs[0]) : node));
    expectSame([z], [g.mul(g.reduceSum(noise, [0]), g.exp(x))]);
  });

  it('of no terms is zero', () => {
    const none = g.constant(new Float64Array(0), [0]);
    const [sum] = evaluate([g.sumOver([none], [x], ([alpha], [s]) => g.mul(alpha, s))], feeds);
    expect(sum).toEqual(value([2, 4], new Float64Array(8)));
  });

  it('refuses no sequence, sequences of unequal length, and terms that are no float', () => {
    const two = g.input('two', [2]);
    expect(() => g.sumOver([], [x], (_, [s]) => s)).toThrow('at least one sequence');
    expect(() => g.sumOver([noise, two], [], ([e, f]) => g.mul(e, f))).toThrow(
      'sumOver of [3,2,4], [2]: operand 1 must be float32 [3]',
    );
    expect(() => g.sumOver([noise], [], ([e]) => g.greater(e, 0))).toThrow('not bool');
  });

  it('refuses other operands than it was made for', () => {
    const y = g.sumOver([noise], [x], ([e], [s]) => g.mul(e, s));
    expect(() => g.substitute([y], new Map([[x, w]]))).toThrow('operand 1 must be float32 [2,4]');
  });
});
