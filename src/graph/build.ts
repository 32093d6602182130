/** One function for each op: the vocabulary in which models, explainers and attacks are written. */
import { apply, checked, GraphError, type DType, type Node } from './node.ts';
import { axisOf, fixed, formatShape, sameShape, type Dim, type Shape } from './shape.ts';
import type { AvgPoolAttrs, ConstantData, ConvAttrs, OpName, Pair, PoolAttrs } from './attrs.ts';
import { sizeOf } from '../numeric/tensor.ts';

/** A convolution of stride 1 without padding, dilation or groups. */
export const noConvAttrs: ConvAttrs = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 };

/** A value fed at each run. */
export const input = (name: string, shape: Shape, dtype: DType = 'float32'): Node =>
  apply('input', [], { name, shape, dtype }, name);

/** A value known when the graph is made. Throws GraphError when data and shape disagree. */
export function constant(data: ConstantData, shape: readonly number[], dtype: DType = 'float32'): Node {
  if (data.length !== sizeOf(shape))
    throw new GraphError(`a constant of shape ${formatShape(shape)} needs ${sizeOf(shape)} values, got ${data.length}`);
  return apply('constant', [], { data, shape, dtype });
}

/** A constant scalar, shape []. */
export const scalar = (value: number): Node => constant(Float64Array.of(value), []);

/** A constant of zeros. */
export const zeros = (shape: readonly number[]): Node => constant(new Float32Array(sizeOf(shape)), shape);

type Operand = Node | number;
const operand = (x: Operand): Node => (typeof x === 'number' ? scalar(x) : x);

const unary =
  (
    op:
      | 'neg'
      | 'abs'
      | 'sign'
      | 'exp'
      | 'log'
      | 'sqrt'
      | 'erf'
      | 'tanh'
      | 'sigmoid'
      | 'relu'
      | 'silu'
      | 'hardSwish'
      | 'mish'
      | 'not',
  ) =>
  (x: Node) =>
    apply(op, [x], {});
/** -x. */
export const neg = unary('neg');
/** |x|; its derivative at 0 is 0. */
export const abs = unary('abs');
/** -1, 0 or 1; its derivative is 0. */
export const sign = unary('sign');
/** e to the power of x. */
export const exp = unary('exp');
/** Natural logarithm. */
export const log = unary('log');
/** Square root. */
export const sqrt = unary('sqrt');
/** The error function. */
export const erf = unary('erf');
/** Hyperbolic tangent. */
export const tanh = unary('tanh');
/** 1 / (1 + exp(-x)). */
export const sigmoid = unary('sigmoid');
/** max(x, 0); its derivative at 0 is 0, as in PyTorch. */
export const relu = unary('relu');
/** x * sigmoid(x). */
export const silu = unary('silu');
/** x * min(max(x / 6 + 1/2, 0), 1). */
export const hardSwish = unary('hardSwish');
/** x * tanh(softplus(x)). */
export const mish = unary('mish');
/** Of a boolean node. */
export const not = unary('not');
/** x where it is positive, else alpha x. */
export const leakyRelu = (x: Node, alpha = 0.01): Node => apply('leakyRelu', [x], { alpha });
/** x where it is positive, else alpha (exp(x) - 1). */
export const elu = (x: Node, alpha = 1): Node => apply('elu', [x], { alpha });
/** x * Phi(x), exactly (`none`) or by the tanh approximation. */
export const gelu = (x: Node, approximate: 'none' | 'tanh' = 'none'): Node => apply('gelu', [x], { approximate });
/** log(1 + exp(beta x)) / beta; `beta` is a scalar node, so that it can grow without a new compilation. */
export const softplus = (x: Node, beta: Operand = 1): Node => apply('softplus', [x, operand(beta)], {});
/** min(max(x, min), max); its derivative outside is 0. */
export const clip = (x: Node, min: number, max: number): Node => apply('clip', [x], { min, max });
/** x with another type of element. */
export const cast = (x: Node, to: DType): Node => (x.dtype === to ? x : apply('cast', [x], { to }));

const binary =
  (op: 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'minimum' | 'maximum' | 'greater' | 'greaterEqual' | 'equal' | 'and') =>
  (a: Operand, b: Operand): Node =>
    apply(op, [operand(a), operand(b)], {});
/** Element-wise with NumPy's broadcasting, as are all that follow up to `where`. */
export const add = binary('add');
/** a - b. */
export const sub = binary('sub');
/** a b, element by element. */
export const mul = binary('mul');
/** a / b. */
export const div = binary('div');
/** a to the power of b. */
export const pow = binary('pow');
/** The smaller of a and b. */
export const minimum = binary('minimum');
/** The larger of a and b. */
export const maximum = binary('maximum');
/** Whether a > b, a boolean node. */
export const greater = binary('greater');
/** Whether a >= b, a boolean node. */
export const greaterEqual = binary('greaterEqual');
/** Whether a = b, a boolean node. */
export const equal = binary('equal');
/** Of two boolean nodes. */
export const and = binary('and');
/** a where the condition holds, else b. */
export const where = (condition: Node, a: Operand, b: Operand): Node =>
  apply('where', [condition, operand(a), operand(b)], {});

/** Cross-correlation: x `[N,C,H,W]`, w `[O,C/groups,kh,kw]`, bias `[O]` -> `[N,O,h,w]`. */
export const conv = (x: Node, w: Node, bias?: Node, attrs: Partial<ConvAttrs> = {}): Node =>
  apply('conv', bias ? [x, w, bias] : [x, w], { ...noConvAttrs, ...attrs });
/** The transposed map of `conv` in its input: y `[N,O,h,w]`, w `[O,C/groups,kh,kw]` -> `[N,C,...size]`. */
export const convInput = (y: Node, w: Node, size: Pair, attrs: Partial<ConvAttrs> = {}): Node =>
  apply('convInput', [y, w], { ...noConvAttrs, ...attrs, size });
/** The transposed map of `conv` in its weight: x `[N,C,H,W]`, y `[N,O,h,w]` -> `[O,C/groups,...kernel]`. */
export const convWeight = (x: Node, y: Node, kernel: Pair, attrs: Partial<ConvAttrs> = {}): Node =>
  apply('convWeight', [x, y], { ...noConvAttrs, ...attrs, kernel });
/** x `[...,I]` times w `[I,O]`, plus bias `[O]`. */
export const dense = (x: Node, w: Node, bias?: Node): Node => apply('dense', bias ? [x, w, bias] : [x, w], {});
/** Product of the last two axes; the leading ones broadcast. */
export const matmul = (a: Node, b: Node): Node => apply('matmul', [a, b], {});

/** Largest value in each window; ties go to the first, as in PyTorch. `[N,C,H,W]` -> `[N,C,h,w]`. */
export const maxPool = (x: Node, attrs: PoolAttrs): Node => apply('maxPool', [x], attrs);
/** Where the maxima are: positions in the flattened `[N,C,H,W]`, int64, `[N,C,h,w]`. */
export const maxPoolIndices = (x: Node, attrs: PoolAttrs): Node => apply('maxPoolIndices', [x], attrs);
/** Picks x `[N,C,H,W]` at indices `[N,C,h,w]`. */
export const poolGather = (x: Node, indices: Node): Node => apply('poolGather', [x, indices], {});
/** The transposed map of `poolGather`: adds y `[N,C,h,w]` up at indices, in zeros `[N,C,...size]`. */
export const poolScatter = (y: Node, indices: Node, size: Pair): Node => apply('poolScatter', [y, indices], { size });
/** Mean of each window: `[N,C,H,W]` -> `[N,C,h,w]`. */
export const avgPool = (x: Node, attrs: AvgPoolAttrs): Node => apply('avgPool', [x], attrs);
/** The transposed map of `avgPool`. */
export const avgPoolInput = (y: Node, size: Pair, attrs: AvgPoolAttrs): Node =>
  apply('avgPoolInput', [y], { ...attrs, size });

/** `axis` counted from the front, for an op on x. */
const axisFor = (op: OpName, x: Node, axis: number, rank = x.shape.length): number =>
  checked(op, [x], () => axisOf(axis, rank));

const reduction =
  (op: 'reduceSum' | 'reduceMean' | 'reduceMax') =>
  (x: Node, axes?: readonly number[], keepDims = false): Node => {
    const chosen = (axes ?? x.shape.map((_, i) => i)).map((a) => axisFor(op, x, a));
    return chosen.length === 0 ? x : apply(op, [x], { axes: chosen, keepDims });
  };
/** Over the axes, by default all; over none, x itself. */
export const reduceSum = reduction('reduceSum');
/** Mean over the axes, by default all; over none, x itself. */
export const reduceMean = reduction('reduceMean');
/** Tied maxima share the derivative evenly. */
export const reduceMax = reduction('reduceMax');
/** exp(x), divided by its sum along an axis. */
export const softmax = (x: Node, axis = -1): Node => apply('softmax', [x], { axis: axisFor('softmax', x, axis) });
/** Logarithm of `softmax`, without overflow. */
export const logSoftmax = (x: Node, axis = -1): Node =>
  apply('logSoftmax', [x], { axis: axisFor('logSoftmax', x, axis) });

/** The same elements in another shape. */
export const reshape = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : apply('reshape', [x], { shape });
/** Axes in another order: axis i of the result is axis perm[i] of x. */
export const transpose = (x: Node, perm: readonly number[]): Node =>
  perm.length === x.shape.length && perm.every((p, i) => p === i) ? x : apply('transpose', [x], { perm });
/** Repeats axes of size 1 until x has the given shape. */
export const expand = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : apply('expand', [x], { shape });
/** Every `step`-th entry of `start <= i < end` along an axis; negative bounds count from the end. */
export function slice(x: Node, axis: number, start: number, end: number = Infinity, step = 1): Node {
  const a = axisFor('slice', x, axis);
  if (start === 0 && end === Infinity && step === 1) return x;
  const size = checked('slice', [x], () => fixed(x.shape[a], 'a sliced axis'));
  const bound = (i: number) => Math.min(Math.max(i < 0 ? i + size : i, 0), size);
  if (bound(start) === 0 && bound(end) === size && step === 1) return x;
  return apply('slice', [x], { axis: a, start: bound(start), end: bound(end), step });
}
/** Constant padding, one amount before and after for each axis; negative amounts crop. */
export function pad(x: Node, before: readonly number[], after: readonly number[], value = 0): Node {
  let y = x;
  before.forEach((b, axis) => {
    if (b < 0 || after[axis] < 0) y = slice(y, axis, Math.max(-b, 0), sizeAlong(x, axis) + Math.min(after[axis], 0));
  });
  const grow = (amounts: readonly number[]) => amounts.map((a) => Math.max(a, 0));
  if ([...before, ...after].every((a) => a <= 0)) return y;
  return apply('pad', [y], { before: grow(before), after: grow(after), value });
}
/** Parts put together along an axis. */
export const concat = (parts: readonly Node[], axis: number): Node =>
  parts.length === 1 ? parts[0] : apply('concat', parts, { axis: axisFor('concat', parts[0], axis) });
/** Entries of x along an axis at int64 indices `[...I]`: shape of x with that axis replaced by `...I`. */
export const gather = (x: Node, indices: Node, axis: number): Node =>
  apply('gather', [x, indices], { axis: axisFor('gather', x, axis) });
/** The transposed map of `gather`: adds y up at indices along an axis of the given size. */
export const scatterAdd = (y: Node, indices: Node, axis: number, size: number): Node =>
  apply('scatterAdd', [y, indices], {
    axis: axisFor('scatterAdd', y, axis, y.shape.length - indices.shape.length + 1),
    size,
  });

/** Sums a gradient over the axes along which a value of `shape` was broadcast. */
export function sumTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const offset = x.shape.length - shape.length;
  const axes = x.shape.flatMap((d, i) => (i < offset || (shape[i - offset] === 1 && d !== 1) ? [i] : []));
  return reshape(axes.length ? reduceSum(x, axes, false) : x, shape);
}

/** All of one value, in the shape of `like`. */
export const full = (like: Node, value: number): Node => expand(scalar(value), like.shape);
/** Zeros of the shape of a node. */
export const zerosLike = (like: Node): Node => full(like, 0);

/** Interpolation matrix `[to,from]` with half-pixel centres, as PyTorch's `align_corners=False` without antialiasing. */
function interpolation(from: number, to: number, mode: 'nearest' | 'bilinear', position: (i: number) => number): Node {
  const m = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const p = Math.min(Math.max(position(i), 0), from - 1);
    const low = mode === 'nearest' ? Math.round(p) : Math.floor(p);
    const high = Math.min(low + 1, from - 1);
    const t = mode === 'nearest' ? 0 : p - low;
    m[i * from + low] += 1 - t;
    m[i * from + high] += t;
  }
  return constant(m, [to, from]);
}

/** How an output pixel finds its place in the input, by ONNX's names. */
export type ResizeCoordinates = 'half_pixel' | 'align_corners' | 'asymmetric';

/** Resizes `[N,C,H,W]` to `[N,C,...size]`; a linear map, hence two matrix products. */
export function resize(
  x: Node,
  size: Pair,
  mode: 'nearest' | 'bilinear' = 'bilinear',
  coordinates: ResizeCoordinates = 'half_pixel',
): Node {
  const from = [sizeAlong(x, 2), sizeAlong(x, 3)];
  const position = (a: number) => (i: number) => {
    const place =
      coordinates === 'half_pixel'
        ? ((i + 0.5) * from[a]) / size[a] - 0.5
        : coordinates === 'asymmetric'
          ? (i * from[a]) / size[a]
          : size[a] === 1
            ? 0
            : (i * (from[a] - 1)) / (size[a] - 1);
    // Nearest takes the pixel that the position falls into: PyTorch and ONNX's `floor` for asymmetric, rounding otherwise.
    return mode === 'nearest' ? (coordinates === 'asymmetric' ? Math.floor(place) : Math.ceil(place - 0.5)) : place;
  };
  const rows = interpolation(from[0], size[0], mode, position(0));
  const columns = interpolation(from[1], size[1], mode, position(1));
  return matmul(rows, matmul(x, transpose(columns, [1, 0])));
}

/** The dimension of an axis as a plain number. Throws GraphError when it depends on the batch size. */
export function sizeAlong(x: Node, axis: number): number {
  const d: Dim = x.shape[axisOf(axis, x.shape.length)];
  if (typeof d !== 'number') throw new GraphError(`axis ${axis} of ${formatShape(x.shape)} depends on the batch size`);
  return d;
}
