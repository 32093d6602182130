import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';

const x = g.input('x', [2]);
const a = g.named(g.relu(x), 'a');
const b = g.exp(a);
const c = g.tanh(a);
const y = g.add(b, c);

describe('topological', () => {
  it('puts inputs before the nodes that use them, each once', () => {
    expect(g.topological([y]).map((n) => n.op)).toEqual(['input', 'relu', 'exp', 'tanh', 'add']);
    expect(g.topological([b, y, b])).toEqual([x, a, b, c, y]);
  });

  it('copes with a graph deeper than the call stack', () => {
    let deep: g.Node = x;
    for (let i = 0; i < 50_000; i++) deep = g.neg(deep);
    expect(g.topological([deep])).toHaveLength(50_001);
  });
});

describe('rewrite', () => {
  it('replaces nodes and keeps the rest, names included', () => {
    const [z] = g.rewrite([y], (node) => (node.op === 'tanh' ? g.sigmoid(node.inputs[0]) : node));
    expect(z.inputs[0]).toBe(b);
    expect(z.inputs[1].op).toBe('sigmoid');
    expect(z.inputs[1].inputs[0]).toBe(a);
  });

  it('keeps identity where nothing changes', () => {
    expect(g.rewrite([y], (node) => node)[0]).toBe(y);
  });

  it('hands over the new node and the one it came from', () => {
    const seen: [string, boolean][] = [];
    g.rewrite([y], (node, original) => {
      seen.push([original.op, node === original]);
      return node.op === 'relu' ? g.abs(node.inputs[0]) : node;
    });
    expect(seen).toEqual([
      ['input', true],
      ['relu', true],
      ['exp', false],
      ['tanh', false],
      ['add', false],
    ]);
  });

  it('infers types anew', () => {
    const wide = g.input('x', ['N', 5]);
    const [z] = g.rewrite([y], (node) => (node.op === 'input' ? wide : node));
    expect(z.shape).toEqual(['N', 5]);
  });
});

describe('substitute', () => {
  it('exchanges nodes', () => {
    const other = g.input('other', [2]);
    const [z] = g.substitute([y], new Map([[a, other]]));
    expect(g.topological([z]).map((n) => n.op)).toEqual(['input', 'exp', 'tanh', 'add']);
    expect(z.inputs[0].inputs[0]).toBe(other);
  });

  it('does not look into what it puts in', () => {
    const [z] = g.substitute([y], new Map([[a, g.mul(a, 2)]]));
    expect(z.inputs[0].inputs[0].inputs[0]).toBe(a);
  });

  it('exchanges an output', () => {
    expect(g.substitute([y, a], new Map([[y, x]]))).toEqual([x, a]);
  });
});

describe('between', () => {
  it('holds the nodes on the ways, ends included', () => {
    const side = g.exp(g.input('side', [2]));
    const z = g.add(y, side);
    expect([...g.between([a], [z])].map((n) => n.op).toSorted()).toEqual(['add', 'add', 'exp', 'relu', 'tanh']);
    expect(g.between([side], [z])).toEqual(new Set([z, side]));
  });

  it('is empty where there is no way', () => {
    expect(g.between([y], [a]).size).toBe(0);
  });

  it('is one node where both ends are the same', () => {
    expect(g.between([a], [a])).toEqual(new Set([a]));
  });
});
