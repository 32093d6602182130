/** Small results worked out with pencil and paper, where the interpreter and the derivatives could share a mistake. */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';

const tensor = (shape: number[], ...data: number[]): g.Node => g.constant(Float64Array.from(data), shape);
const count = (...shape: number[]): g.Node => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(shape, ...Array.from({ length: size }, (_, i) => i + 1));
};
const numbers = (output: g.Node): number[] => Array.from(evaluate([output], {})[0].data);
const attrs = (kernel: g.Pair, strides: g.Pair, pads: g.Pads, ceil: boolean) => ({ kernel, strides, pads, ceil });

describe('convolution', () => {
  it('is a cross-correlation: the kernel is not flipped', () => {
    expect(numbers(g.conv(count(1, 1, 3, 3), tensor([1, 1, 2, 2], 1, 10, 100, 1000)))).toEqual([
      5421, 6532, 8754, 9865,
    ]);
  });

  it('takes padding as top, left, bottom, right', () => {
    const y = g.conv(count(1, 1, 2, 2), tensor([1, 1, 1, 1], 1), undefined, { pads: [1, 2, 0, 0] });
    expect(y.shape).toEqual([1, 1, 3, 4]);
    expect(numbers(y)).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4]);
  });

  it('leaves out what no kernel position reaches', () => {
    const x = count(1, 1, 1, 4);
    const w = tensor([1, 1, 1, 1], 2);
    const y = g.conv(x, w, undefined, { strides: [1, 2] });
    expect(numbers(y)).toEqual([2, 6]);
    expect(numbers(g.convInput(y, w, [1, 4], { strides: [1, 2] }))).toEqual([4, 0, 12, 0]);
  });

  it('keeps groups apart', () => {
    const y = g.conv(tensor([1, 4, 1, 1], 1, 10, 100, 1000), tensor([2, 2, 1, 1], 1, 2, 3, 4), tensor([2], 0.5, 0.25), {
      groups: 2,
    });
    expect(numbers(y)).toEqual([21.5, 4300.25]);
  });
});

describe('maxPool', () => {
  it('takes the first of equals, row by row', () => {
    const x = tensor([1, 1, 2, 3], 0, 5, 5, 5, 5, 5);
    expect(numbers(g.maxPoolIndices(x, attrs([2, 2], [1, 1], [0, 0, 0, 0], false)))).toEqual([1, 1]);
  });

  it('never takes the padding, even where all pixels are negative', () => {
    const x = tensor([1, 1, 2, 2], -4, -3, -2, -1);
    expect(numbers(g.maxPool(x, attrs([2, 2], [2, 2], [1, 1, 1, 1], false)))).toEqual([-4, -3, -2, -1]);
  });

  it('counts places through batch and channels', () => {
    expect(numbers(g.maxPoolIndices(count(2, 2, 1, 2), attrs([1, 2], [1, 1], [0, 0, 0, 0], false)))).toEqual([
      1, 3, 5, 7,
    ]);
  });

  it('adds up the derivative of a pixel that wins twice', () => {
    const x = g.input('x', [1, 1, 1, 3]);
    const [dx] = g.grad(g.maxPool(x, attrs([1, 2], [1, 1], [0, 0, 0, 0], false)), [x]);
    const feeds = { x: { shape: [1, 1, 1, 3], data: Float64Array.of(1, 3, 2) } };
    expect(Array.from(evaluate([dx], feeds)[0].data)).toEqual([0, 2, 0]);
  });
});

describe('avgPool', () => {
  const x = tensor([1, 1, 1, 4], 4, 8, 12, 16);
  it.each([
    // Windows over _ 4 8 | 8 12 16 | 16 _ (and one column beyond the padding).
    { countPadding: false, mean: [6, 12, 16] },
    { countPadding: true, mean: [4, 12, 8] },
  ])('with an overhanging window, countPadding: $countPadding', ({ countPadding, mean }) => {
    expect(numbers(g.avgPool(x, { ...attrs([1, 3], [1, 2], [0, 1, 0, 1], true), countPadding }))).toEqual(mean);
  });

  it('counts padding on the side where it is', () => {
    const uneven = { ...attrs([1, 3], [1, 2], [0, 0, 0, 2], true), countPadding: true };
    expect(numbers(g.avgPool(tensor([1, 1, 1, 4], 4, 8, 12, 18), uneven))).toEqual([8, 10]);
  });
});

describe('structure', () => {
  it('slices with steps, and the derivative puts each entry back', () => {
    const x = g.input('x', [7]);
    const y = g.slice(x, 0, 1, 7, 2);
    const [dx] = g.backward([y], [tensor([3], 1, 2, 3)], [x]);
    const feeds = { x: { shape: [7], data: Float64Array.of(0, 1, 2, 3, 4, 5, 6) } };
    expect(evaluate([y, dx], feeds).map((v) => Array.from(v.data))).toEqual([
      [1, 3, 5],
      [0, 1, 0, 2, 0, 3, 0],
    ]);
  });

  it('counts negative bounds and axes from the end', () => {
    expect(numbers(g.slice(count(2, 3), -1, -2))).toEqual([2, 3, 5, 6]);
    expect(numbers(g.slice(count(4), 0, -3, -1))).toEqual([2, 3]);
  });

  it('pads and crops in one', () => {
    expect(numbers(g.pad(count(1, 3), [1, -1], [0, 1], 9))).toEqual([9, 9, 9, 2, 3, 9]);
  });

  it('transposes', () => {
    expect(numbers(g.transpose(count(1, 2, 3), [2, 0, 1]))).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('gathers along an inner axis, repeatedly and from the end', () => {
    const places = g.constant(Int32Array.of(2, 0, -1), [3], 'int64');
    expect(numbers(g.gather(count(2, 3), places, 1))).toEqual([3, 1, 3, 6, 4, 6]);
    expect(numbers(g.scatterAdd(count(2, 3), places, 1, 3))).toEqual([2, 0, 4, 5, 0, 10]);
  });

  it('concatenates along an inner axis', () => {
    expect(numbers(g.concat([count(2, 1), tensor([2, 2], 7, 8, 9, 10)], 1))).toEqual([1, 7, 8, 2, 9, 10]);
  });
});

describe('ties and kinks', () => {
  const at = (f: (x: g.Node) => g.Node, x: number) => {
    const node = g.input('x', []);
    return evaluate(g.grad(f(node), [node]), { x: { shape: [], data: Float64Array.of(x) } })[0].data[0];
  };
  it('minimum and maximum send the derivative to the first operand', () => {
    expect(at((x) => g.maximum(x, g.mul(x, 3)), 0)).toBe(1);
    expect(at((x) => g.minimum(g.mul(x, 3), x), 0)).toBe(3);
  });

  it.each<[string, (x: g.Node) => g.Node, number, number]>([
    ['relu', g.relu, 0, 0],
    ['leaky relu', (x) => g.leakyRelu(x, 0.1), 0, 0.1],
    ['elu', (x) => g.elu(x, 1.7), 0, 1.7],
    ['clip, lower end', (x) => g.clip(x, -1, 6), -1, 0],
    ['clip, upper end', (x) => g.clip(x, -1, 6), 6, 0],
    ['hard-swish, lower end', g.hardSwish, -3, -0.5],
    ['hard-swish, upper end', g.hardSwish, 3, 1.5],
    ['abs', g.abs, 0, 0],
  ])("%s has the slope of PyTorch's activation at its kink", (_, f, x, slope) => {
    expect(at(f, x)).toBeCloseTo(slope, 14);
  });

  it('powers have finite derivatives of any order at 0', () => {
    const orders = (f: (x: g.Node) => g.Node) => {
      const x = g.input('x', []);
      const derivatives = [f(x)];
      for (let i = 0; i < 4; i++) derivatives.push(g.grad(derivatives[i], [x])[0]);
      return evaluate(derivatives, { x: { shape: [], data: Float64Array.of(0) } }).map((v) => v.data[0]);
    };
    expect(orders((x) => g.pow(x, 0))).toEqual([1, 0, 0, 0, 0]);
    expect(orders((x) => g.pow(x, 1))).toEqual([0, 1, 0, 0, 0]);
    expect(orders((x) => g.pow(x, 2))).toEqual([0, 0, 2, 0, 0]);
    expect(at((y) => g.pow(0, y), 2)).toBe(0);
  });

  it.each([
    [2, 0],
    [0.5, 0],
    [2, 1],
    [3, -1],
    [1.5, 2.5],
  ])('the mixed second derivative of %s to the power of %s is the same in both orders', (base, exponent) => {
    const [x, y] = [g.input('x', []), g.input('y', [])];
    const [dx, dy] = g.grad(g.pow(x, y), [x, y]);
    const feeds = { x: { shape: [], data: Float64Array.of(base) }, y: { shape: [], data: Float64Array.of(exponent) } };
    const mixed = evaluate([...g.grad(dx, [y]), ...g.grad(dy, [x])], feeds).map(({ data }) => data[0]);
    const expected = base ** (exponent - 1) * (1 + exponent * Math.log(base));
    for (const value of mixed) expect(value).toBeCloseTo(expected, 12);
  });

  it('a power has the derivatives of PyTorch where base or exponent is 0', () => {
    const [x, y] = [g.input('x', []), g.input('y', [])];
    const nodes = g.grad(g.pow(x, y), [x, y]);
    const at = (base: number, exponent: number) =>
      evaluate(nodes, {
        x: { shape: [], data: Float64Array.of(base) },
        y: { shape: [], data: Float64Array.of(exponent) },
      }).map(({ data }) => data[0]);
    expect(at(0, 0)).toEqual([0, 0]);
    expect(at(0, 0.5)).toEqual([Infinity, 0]);
    expect(at(0, 1)).toEqual([1, 0]);
    expect(at(0, 1.5)).toEqual([0, 0]);
    expect(at(-2, 3)[0]).toBe(12);
  });

  it('reduceMax shares the derivative among equals', () => {
    const x = g.input('x', [4]);
    const [dx] = g.grad(g.reduceMax(x), [x]);
    expect(Array.from(evaluate([dx], { x: { shape: [4], data: Float64Array.of(1, 5, 5, 0) } })[0].data)).toEqual([
      0, 0.5, 0.5, 0,
    ]);
  });
});
