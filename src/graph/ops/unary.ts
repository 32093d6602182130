import * as b from '../build.ts';
import { register, type Node, type Op, type TensorType } from '../node.ts';
import type { OpName } from '../attrs.ts';

function floatLike([x]: readonly Node[]): TensorType {
  if (x.dtype !== 'float32') throw new RangeError(`needs float32, got ${x.dtype}`);
  return { shape: x.shape, dtype: 'float32' };
}

/** An element-wise op: its derivative is the cotangent times a factor that depends on the input x and the result y. */
const elementwise = <K extends OpName>(
  op: K,
  factor: (x: Node, y: Node, attrs: Op<K> extends { type(i: never, a: infer A): unknown } ? A : never) => Node,
) =>
  ({
    op,
    type: floatLike,
    derivative: (node: Node, g: Node) => [() => b.mul(g, factor(node.inputs[0], node, node.attrs as never))],
  }) as unknown as Op<K>;

/** 1 where the condition holds, else 0. */
const indicator = (condition: Node): Node => b.cast(condition, 'float32');

const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);
const sqrtTwoOverPi = Math.sqrt(2 / Math.PI);

/** Density of the standard normal distribution. */
const density = (x: Node): Node => b.mul(b.exp(b.mul(b.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));

function geluSlope(x: Node, approximate: 'none' | 'tanh'): Node {
  if (approximate === 'none') {
    const cumulative = b.mul(b.add(b.erf(b.mul(x, Math.SQRT1_2)), 1), 0.5);
    return b.add(cumulative, b.mul(x, density(x)));
  }
  const square = b.mul(x, x);
  const t = b.tanh(b.mul(b.mul(x, b.add(b.mul(square, 0.044715), 1)), sqrtTwoOverPi));
  const slope = b.mul(b.add(b.mul(square, 3 * 0.044715), 1), sqrtTwoOverPi);
  return b.mul(b.add(b.add(t, 1), b.mul(b.mul(x, b.sub(1, b.mul(t, t))), slope)), 0.5);
}

register(
  elementwise('neg', () => b.scalar(-1)),
  elementwise('abs', (x) => b.sign(x)),
  { op: 'sign', type: floatLike, derivative: () => [null] },
  elementwise('exp', (_, y) => y),
  elementwise('log', (x) => b.div(1, x)),
  elementwise('sqrt', (_, y) => b.div(0.5, y)),
  elementwise('erf', (x) => b.mul(b.exp(b.neg(b.mul(x, x))), twoOverSqrtPi)),
  elementwise('tanh', (_, y) => b.sub(1, b.mul(y, y))),
  elementwise('sigmoid', (_, y) => b.mul(y, b.sub(1, y))),
  // By the sign of the result, which is 0 or 1: one pass less than a comparison and a cast.
  elementwise('relu', (_, y) => b.sign(y)),
  elementwise('leakyRelu', (x, _, { alpha }) => b.where(b.greater(x, 0), b.scalar(1), b.scalar(alpha))),
  elementwise('elu', (x, y, { alpha }) => b.where(b.greater(x, 0), b.scalar(1), b.add(y, alpha))),
  elementwise('silu', (x) => {
    const s = b.sigmoid(x);
    return b.mul(s, b.add(b.mul(x, b.sub(1, s)), 1));
  }),
  // Its derivative at the kinks is that of the middle piece.
  elementwise('hardSwish', (x) => {
    const slope = b.add(b.mul(x, 1 / 3), 0.5);
    return b.where(b.greater(b.abs(x), 3), indicator(b.greater(x, 0)), slope);
  }),
  elementwise('mish', (x) => {
    const t = b.tanh(b.softplus(x));
    return b.add(t, b.mul(b.mul(x, b.sigmoid(x)), b.sub(1, b.mul(t, t))));
  }),
  elementwise('gelu', (x, _, { approximate }) => geluSlope(x, approximate)),
  elementwise('clip', (x, _, { min, max }) => indicator(b.and(b.greater(x, min), b.greater(max, x)))),
  {
    op: 'softplus',
    type: ([x, beta]) => {
      if (beta.shape.length) throw new RangeError('beta must be a scalar');
      return floatLike([x]);
    },
    derivative: ({ inputs: [x, beta] }, g) => {
      const s = () => b.sigmoid(b.mul(x, beta));
      return [
        () => b.mul(g, s()),
        () => b.sumTo(b.mul(g, b.div(b.sub(b.mul(x, s()), b.softplus(x, beta)), beta)), beta.shape),
      ];
    },
  },
  {
    op: 'not',
    type: ([x]) => {
      if (x.dtype !== 'bool') throw new RangeError(`needs bool, got ${x.dtype}`);
      return { shape: x.shape, dtype: 'bool' };
    },
  },
  {
    op: 'cast',
    type: ([x], { to }) => ({ shape: x.shape, dtype: to }),
    derivative: ({ inputs: [x] }, g) => [x.dtype === 'float32' ? () => g : null],
  },
);
