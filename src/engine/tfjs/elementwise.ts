import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeOf, OpName } from '../../graph/index.ts';
import type { Tf } from './backend.ts';
import type { Lowering, Lowerings } from './lowering.ts';
import { together } from './value.ts';

const op =
  <K extends OpName>(f: (tf: Tf, tensors: Tensor[], attrs: NodeOf<K>['attrs']) => Tensor): Lowering<K> =>
  ({ attrs }, inputs, { tf, shape }) =>
    together(inputs, shape.length, (tensors) => f(tf, tensors, attrs));

type Unary = 'neg' | 'abs' | 'sign' | 'exp' | 'log' | 'sqrt' | 'erf' | 'tanh' | 'sigmoid' | 'relu';
const unary = <K extends Unary>(name: K) => op<K>((tf, [x]) => tf[name](x));

type Binary = 'add' | 'sub' | 'mul' | 'div' | 'minimum' | 'maximum' | 'greater' | 'greaterEqual' | 'equal';
const binary = <K extends Binary>(name: K) => op<K>((tf, [x, y]) => tf[name](x, y));

/** The exponents that squares, cubes and reciprocals have need no power. */
function power(tf: Tf, x: Tensor, y: Tensor, exponent: number | undefined): Tensor {
  if (exponent === 2) return tf.square(x);
  if (exponent === 3) return tf.mul(tf.square(x), x);
  if (exponent === -1) return tf.reciprocal(x);
  return tf.pow(x, y);
}

const kinds = { float32: 'float32', int64: 'int32', bool: 'bool' } as const;

/** The type of tensor that a type of the graph becomes. */
export const kindOf = (dtype: keyof typeof kinds) => kinds[dtype];

export const elementwise = {
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  exp: unary('exp'),
  log: unary('log'),
  sqrt: unary('sqrt'),
  erf: unary('erf'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  relu: unary('relu'),
  silu: op((tf, [x]) => tf.mul(x, tf.sigmoid(x))),
  hardSwish: op((tf, [x]) => tf.mul(x, tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1))),
  mish: op((tf, [x]) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  leakyRelu: op((tf, [x], { alpha }) => tf.leakyRelu(x, alpha)),
  elu: op((tf, [x], { alpha }) => tf.add(tf.relu(x), tf.mul(tf.elu(tf.minimum(x, 0)), alpha))),
  gelu: op((tf, [x], { approximate }) => {
    const inner =
      approximate === 'none'
        ? tf.erf(tf.mul(x, Math.SQRT1_2))
        : tf.tanh(tf.mul(tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI)));
    return tf.mul(tf.mul(x, 0.5), tf.add(inner, 1));
  }),
  softplus: op((tf, [x, beta]) => tf.div(tf.softplus(tf.mul(x, beta)), beta)),
  clip: op((tf, [x], { min, max }) => {
    const low = min === -Infinity ? x : tf.maximum(x, min);
    return max === Infinity ? tf.clone(low) : tf.minimum(low, max);
  }),
  not: op((tf, [x]) => tf.logicalNot(x)),
  // The cast to booleans of WebAssembly keeps the lowest byte of an integer.
  cast: op((tf, [x], { to }) => (to === 'bool' ? tf.notEqual(x, tf.zerosLike(x)) : tf.cast(x, kindOf(to)))),

  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  pow: ({ inputs: [, exponent] }, inputs, { tf, shape }) => {
    const { op: made, attrs } = exponent;
    const number = made === 'constant' && attrs.data.length === 1 ? attrs.data[0] : undefined;
    const scalar = inputs[1].shape.length <= inputs[0].shape.length ? number : undefined;
    return together(inputs, shape.length, ([x, y]) => power(tf, x, y, scalar));
  },
  minimum: binary('minimum'),
  maximum: binary('maximum'),
  greater: binary('greater'),
  greaterEqual: binary('greaterEqual'),
  equal: binary('equal'),
  and: op((tf, [x, y]) => tf.logicalAnd(x, y)),
  where: op((tf, [condition, x, y]) => tf.where(condition, x, y)),
} satisfies Partial<Lowerings>;
