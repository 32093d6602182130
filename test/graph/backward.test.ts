import { describe, expect, it } from 'vitest';
import { evaluate, value } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';

const x = g.input('x', [3]);
const feeds = { x: value([3], [-1, 2, 3]) };
const numbers = (node: g.Node): number[] => Array.from(evaluate([node], feeds)[0].data);

describe('backward', () => {
  it('adds up the ways from an output to an input', () => {
    const square = g.mul(x, x);
    expect(numbers(g.grad(g.add(g.mul(square, x), square), [x])[0])).toEqual([1, 16, 33]);
  });

  it('adds up several outputs, one of them an input itself', () => {
    const ones = g.full(x, 1);
    expect(numbers(g.backward([g.mul(x, 2), x, x], [ones, ones, ones], [x])[0])).toEqual([4, 4, 4]);
  });

  it('gives cotangents of inner nodes beside those of inputs', () => {
    const inner = g.mul(x, 2);
    const [dInner, dx] = g.grad(g.mul(inner, inner), [inner, x]);
    expect(numbers(dInner)).toEqual([-4, 8, 12]);
    expect(numbers(dx)).toEqual([-8, 16, 24]);
  });

  it('gives zeros for a node that is no cause of the outputs, or only through integers', () => {
    const other = g.input('other', [2, 2]);
    const [dOther] = g.grad(g.mul(x, x), [other]);
    expect(dOther.shape).toEqual([2, 2]);
    expect(numbers(dOther)).toEqual([0, 0, 0, 0]);
    expect(numbers(g.grad(g.cast(g.greater(x, 0), 'float32'), [x])[0])).toEqual([0, 0, 0]);
  });

  it('lets a rule replace the derivative of the nodes it names', () => {
    // Guided backpropagation: what arrives negative at a ReLU stops there too.
    const guided: g.BackwardRule = (node, t) => (node.op === 'relu' ? [g.mul(g.relu(t), g.sign(node))] : undefined);
    const y = g.mul(g.relu(x), g.constant(Float64Array.of(1, -1, 1), [3]));
    const ones = g.full(y, 1);
    expect(numbers(g.backward([y], [ones], [x])[0])).toEqual([0, -1, 1]);
    expect(numbers(g.backward([y], [ones], [x], guided)[0])).toEqual([0, 0, 1]);
  });

  it('stops where a rule says null', () => {
    const y = g.add(g.exp(x), x);
    const stop: g.BackwardRule = (node) => (node.op === 'exp' ? [null] : undefined);
    expect(numbers(g.backward([y], [g.full(y, 1)], [x], stop)[0])).toEqual([1, 1, 1]);
  });

  it('does not ask a rule about nodes off the way', () => {
    const asked: string[] = [];
    const y = g.mul(g.exp(x), g.tanh(g.input('other', [3])));
    g.backward([y], [g.full(y, 1)], [x], (node) => void asked.push(node.op));
    expect(asked).toEqual(['mul', 'exp']);
  });

  it('refuses a cotangent of the wrong shape', () => {
    expect(() => g.backward([g.exp(x)], [g.scalar(1)], [x])).toThrow('the cotangent of exp [3] has the shape []');
  });

  it('gives each sample its own gradient when the output is one number a sample', () => {
    const batch = g.input('batch', ['N', 2]);
    const [d] = g.grad(g.reduceSum(g.mul(batch, g.mul(batch, batch)), [1]), [batch]);
    expect(d.shape).toEqual(['N', 2]);
    const [result] = evaluate([d], { batch: value([2, 2], [1, 2, 3, 4]) }, 2);
    expect(Array.from(result.data)).toEqual([3, 12, 27, 48]);
  });
});
