import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReferenceEngine, evaluate, value } from '../../src/engine/reference.ts';
import { erf } from '../../src/numeric/erf.ts';
import * as g from '../../src/graph/index.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { tensor } from '../../src/numeric/tensor.ts';

const x = g.input('x', ['N', 2]);
const scale = g.input('scale', []);
const y = g.mul(x, scale);

describe('evaluate', () => {
  it('takes feeds by name or by node', () => {
    const [a, b] = [value([2, 2], [1, 2, 3, 4]), value([], [10])];
    const wanted = [value([2, 2], [10, 20, 30, 40])];
    expect(evaluate([y], { x: a, scale: b }, 2)).toEqual(wanted);
    expect(
      evaluate(
        [y],
        new Map([
          [x, a],
          [scale, b],
        ]),
        2,
      ),
    ).toEqual(wanted);
  });

  it('says which input is missing or misshapen', () => {
    expect(() => evaluate([y], { x: value([1, 2], [1, 2]) })).toThrow("the input 'scale' is not fed");
    expect(() => evaluate([y], { x: value([2], [1, 2]), scale: value([], [1]) })).toThrow(
      "the input 'x' wants [1,2], got [2]",
    );
  });

  it('computes in float64', () => {
    expect(evaluate([g.add(g.scalar(1), 1e-12)], {})[0].data[0]).toBe(1 + 1e-12);
  });

  it('does not overflow where the result is finite', () => {
    const wide = g.constant(Float64Array.of(-1000, 0, 1000), [3]);
    const numbers = (node: g.Node) => Array.from(evaluate([node], {})[0].data);
    expect(numbers(g.sigmoid(wide))).toEqual([0, 0.5, 1]);
    expect(numbers(g.softplus(wide, 2))).toEqual([0, Math.LN2 / 2, 1000]);
    expect(numbers(g.silu(wide))).toEqual([-0, 0, 1000]);
    expect(numbers(g.softmax(wide))).toEqual([0, 0, 1]);
    expect(numbers(g.logSoftmax(wide))).toEqual([-2000, -1000, 0]);
  });

  it('lets NaN through', () => {
    const holed = g.constant(Float64Array.of(1, NaN, 3, 4), [1, 1, 2, 2]);
    const attrs = { kernel: [2, 2], strides: [1, 1], pads: [0, 0, 0, 0], ceil: false } as const;
    for (const node of [
      g.maxPool(holed, attrs),
      g.reduceMax(holed),
      g.reduceSum(g.relu(holed)),
      g.reduceSum(g.erf(holed)),
    ])
      expect(evaluate([node], {})[0].data[0]).toBeNaN();
  });
});

describe('erf', () => {
  interface Points {
    pointwise: { erf: Record<'x' | 'y', { data: number[] }> };
  }
  const file = readFileSync(new URL('../fixtures/graph_reference.json', import.meta.url), 'utf8');
  const { x: points, y: values } = (JSON.parse(file) as Points).pointwise.erf;

  it('equals that of PyTorch to 2 units in the last place', () => {
    points.data.forEach((p, i) => expect(Math.abs(erf(p) / (values.data[i] || 1) - (p && 1))).toBeLessThan(4.5e-16));
  });

  it('is odd, and 1 at infinity', () => {
    expect(erf(-0.7)).toBe(-erf(0.7));
    expect([erf(Infinity), erf(-Infinity), erf(0)]).toEqual([1, -1, 0]);
  });
});

describe('the reference engine', () => {
  const program = createReferenceEngine().compile({ y, doubled: g.mul(y, 2) });

  it('runs a graph at the batch size of the feeds', async () => {
    expect(program.inputs).toEqual(['x', 'scale']);
    const results = await program.run({ x: tensor([3, 2], [1, 2, 3, 4, 5, 6]), scale: tensor([], [2]) });
    expect(results.y).toEqual(tensor([3, 2], [2, 4, 6, 8, 10, 12]));
    expect(results.doubled.data[5]).toBe(24);
  });

  it('runs again after it was released', async () => {
    await program.release();
    const { y: result } = await program.run({ x: tensor([1, 2], [1, 2]), scale: tensor([], [3]) });
    expect(result).toEqual(tensor([1, 2], [3, 6]));
  });

  it('refuses missing, misshapen and unequal feeds', async () => {
    await expect(program.run({ x: tensor([1, 2]) })).rejects.toThrow(UserError);
    await expect(program.run({ x: tensor([2]), scale: tensor([]) })).rejects.toThrow(UserError);
    const sum = createReferenceEngine().compile({ sum: g.add(x, g.input('z', ['N', 1])) });
    await expect(sum.run({ x: tensor([2, 2]), z: tensor([3, 1]) })).rejects.toThrow(UserError);
  });
});
