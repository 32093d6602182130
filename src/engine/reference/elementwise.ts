import type { OpAttrs } from '../../graph/index.ts';
import { erf } from '../../numeric/erf.ts';
import type { Context, Kernels } from './kernel.ts';
import { broadcastStrides, offsets, type Value } from './value.ts';

const unary =
  <A>(f: (x: number, attrs: A) => number) =>
  ([x]: readonly Value[], attrs: A) =>
    x.data.map((v) => f(v, attrs));

const binary =
  (f: (x: number, y: number) => number) =>
  ([x, y]: readonly Value[], _: unknown, { shape }: Context) => {
    const left = offsets(shape, broadcastStrides(x.shape, shape));
    const right = offsets(shape, broadcastStrides(y.shape, shape));
    return Float64Array.from(left, (at, i) => f(x.data[at], y.data[right[i]]));
  };

// Neither branch overflows.
const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function gelu(x: number, { approximate }: OpAttrs['gelu']): number {
  if (approximate === 'none') return (x * (1 + erf(x * Math.SQRT1_2))) / 2;
  return (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2;
}

const casts: Record<OpAttrs['cast']['to'], (x: number) => number> = {
  float32: (x) => x,
  int64: Math.trunc,
  bool: (x) => Number(x !== 0),
};

export const elementwise = {
  neg: unary((x) => -x),
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  erf: unary(erf),
  tanh: unary(Math.tanh),
  sigmoid: unary(sigmoid),
  relu: unary((x) => Math.max(x, 0)),
  silu: unary((x) => x * sigmoid(x)),
  hardSwish: unary((x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1)),
  mish: unary((x) => x * Math.tanh(softplus(x))),
  leakyRelu: unary((x, { alpha }: OpAttrs['leakyRelu']) => (x > 0 ? x : alpha * x)),
  elu: unary((x, { alpha }: OpAttrs['elu']) => (x > 0 ? x : alpha * Math.expm1(x))),
  gelu: unary(gelu),
  softplus: binary((x, beta) => softplus(beta * x) / beta),
  clip: unary((x, { min, max }: OpAttrs['clip']) => Math.min(Math.max(x, min), max)),
  not: unary((x) => Number(x === 0)),
  cast: unary((x, { to }: OpAttrs['cast']) => casts[to](x)),

  add: binary((x, y) => x + y),
  sub: binary((x, y) => x - y),
  mul: binary((x, y) => x * y),
  div: binary((x, y) => x / y),
  pow: binary(Math.pow),
  minimum: binary(Math.min),
  maximum: binary(Math.max),
  greater: binary((x, y) => Number(x > y)),
  greaterEqual: binary((x, y) => Number(x >= y)),
  equal: binary((x, y) => Number(x === y)),
  and: binary((x, y) => Number(x !== 0 && y !== 0)),
  where: ([condition, x, y], _, { shape }) => {
    const asked = offsets(shape, broadcastStrides(condition.shape, shape));
    const yes = offsets(shape, broadcastStrides(x.shape, shape));
    const no = offsets(shape, broadcastStrides(y.shape, shape));
    return Float64Array.from(asked, (at, i) => (condition.data[at] ? x.data[yes[i]] : y.data[no[i]]));
  },
} satisfies Partial<Kernels>;
