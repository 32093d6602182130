import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';
import { positions, type Routing } from './routing.ts';

/**
 * How the result of an op lies in memory: in the graph's order of axes, or, for pictures, with channels last, which is what
 * TensorFlow.js convolves. `routing` is for the indices of a max pool: positions in the flattened picture with channels last.
 */
export type Forms = { readonly plain: Tensor } | { readonly last: Tensor } | { readonly routing: Routing };

/** A value on a device. The form that an op asks for is made when it is first asked for. */
export interface Value {
  readonly shape: readonly number[];
  /** Whether asking for the plain form would cost a transposition, and for channels last would not. */
  readonly isLast: boolean;
  readonly routing?: Routing;
  plain(): Tensor;
  /** `[N,C,H,W]` as `[N,H,W,C]`; fewer axes are filled up in front. */
  last(): Tensor;
  dispose(): void;
}

/** A shape of at most 4 axes, filled up in front. */
const fourAxes = (shape: readonly number[]): number[] => [...new Array<number>(4 - shape.length).fill(1), ...shape];

/** Where the axes of `[N,C,H,W]` are when channels come last. */
export const axesLast = [0, 3, 1, 2] as const;

/** What belongs to the axes of `[N,C,H,W]`, in the order of `[N,H,W,C]`. */
export const permuted = <T>([n, c, h, w]: readonly T[]): [T, T, T, T] => [n, h, w, c];

const isFlat = ([, c, h, w]: readonly number[]): boolean => c === 1 || h * w === 1;

function toLast(tf: Tf, plain: Tensor, shape: readonly number[]): Tensor {
  const four = fourAxes(shape);
  return isFlat(four)
    ? tf.reshape(plain, permuted(four))
    : tf.transpose(shape.length === 4 ? plain : tf.reshape(plain, four), [0, 2, 3, 1]);
}

/** `[N,H,W,C]` as `[N,C,H,W]`, the shape given. */
export const toPlain = (tf: Tf, last: Tensor, shape: readonly number[]): Tensor =>
  isFlat(shape) ? tf.reshape(last, [...shape]) : tf.transpose(last, [0, 3, 1, 2]);

/** Takes over the tensors of a result. */
export function hold(tf: Tf, shape: readonly number[], forms: Forms): Value {
  // An op may return its operand, which is another value's.
  const own = (t: Tensor) => tf.keep(t.kept ? tf.clone(t) : t);
  const routing = 'routing' in forms ? { ...forms.routing, choice: own(forms.routing.choice) } : undefined;
  let plain = 'plain' in forms ? own(forms.plain) : undefined;
  let last = 'last' in forms ? own(forms.last) : undefined;
  const makePlain = () => (routing ? positions(tf, routing, true) : toPlain(tf, last!, shape));
  const asPlain = () => (plain ??= tf.keep(tf.tidy(makePlain)));
  return {
    shape,
    get isLast() {
      return plain === undefined && last !== undefined;
    },
    routing,
    plain: asPlain,
    last: () => (last ??= tf.keep(tf.tidy(() => toLast(tf, asPlain(), shape)))),
    dispose() {
      plain?.dispose();
      last?.dispose();
      routing?.choice.dispose();
    },
  };
}

/** Applies a function to the operands in one layout: with channels last where one of them lies so. */
export function together(values: readonly Value[], rank: number, f: (tensors: Tensor[]) => Tensor): Forms {
  return rank === 4 && values.some((v) => v.isLast)
    ? { last: f(values.map((v) => v.last())) }
    : { plain: f(values.map((v) => v.plain())) };
}
