import { isNonNegative } from '../../graph/index.ts';
import { dataTypes } from '../proto.ts';
import { float, type Emitter } from './context.ts';
import type { Lowering, Lowerings } from './lowering.ts';

const plain =
  (opType: string) =>
  (_: unknown, inputs: readonly string[], e: Emitter): string =>
    e.emit(opType, inputs);

/** Of what cannot be negative the sign is a steep ramp, whose kernel takes a third of the time of Sign's. */
const lowerSign: Lowering<'sign'> = ({ inputs: [node] }, [x], e) =>
  isNonNegative(node) ? e.emit('HardSigmoid', [x], { alpha: float(1e38), beta: float(0) }) : e.emit('Sign', [x]);

export const elementwise: Lowerings = {
  neg: plain('Neg'),
  abs: plain('Abs'),
  sign: lowerSign,
  exp: plain('Exp'),
  log: plain('Log'),
  sqrt: plain('Sqrt'),
  erf: plain('Erf'),
  tanh: plain('Tanh'),
  sigmoid: plain('Sigmoid'),
  relu: plain('Relu'),
  silu: (_, [x], e) => e.emit('Mul', [x, e.emit('Sigmoid', [x])]),
  hardSwish: plain('HardSwish'),
  mish: plain('Mish'),
  leakyRelu: ({ attrs }, inputs, e) => e.emit('LeakyRelu', inputs, { alpha: float(attrs.alpha) }),
  elu: ({ attrs }, inputs, e) => e.emit('Elu', inputs, { alpha: float(attrs.alpha) }),
  gelu: ({ attrs }, inputs, e) => e.emit('Gelu', inputs, { approximate: attrs.approximate }),
  // relu(z) - log(sigmoid(|z|)) with z = beta x: stable, and made of kernels that are vectorised, which Softplus is not.
  softplus: (_, [x, beta], e) => {
    const z = e.emit('Mul', [x, beta]);
    const tail = e.emit('Log', [e.emit('Sigmoid', [e.emit('Abs', [z])])]);
    return e.emit('Div', [e.emit('Sub', [e.emit('Relu', [z]), tail]), beta]);
  },
  clip: ({ attrs }, [x], e) => {
    const bound = (v: number) => (Number.isFinite(v) ? e.initializer(Float32Array.of(v), []) : '');
    return e.emit('Clip', [x, bound(attrs.min), bound(attrs.max)]);
  },
  not: plain('Not'),
  cast: ({ attrs }, inputs, e) => e.emit('Cast', inputs, { to: dataTypes[attrs.to] }),
  add: plain('Add'),
  sub: plain('Sub'),
  mul: plain('Mul'),
  div: plain('Div'),
  pow: plain('Pow'),
  minimum: plain('Min'),
  maximum: plain('Max'),
  greater: plain('Greater'),
  greaterEqual: plain('GreaterOrEqual'),
  equal: plain('Equal'),
  and: plain('And'),
  where: plain('Where'),
};
