import { isNonNegative, type Node, type Pads } from '../../graph/index.ts';
import type { Emitter, PlainConvolution } from './context.ts';

/**
 * Whether F(4×4, 3×3) takes less time than ONNX Runtime's direct convolution: its products are a quarter, but what it does beside them
 * grows with the picture and with the weights, of which it has four times as many. Measured by `bench/winograd.ts`.
 */
export const winogradPays = ({ kernel, channels, size }: PlainConvolution): boolean => {
  const [narrow, short] = [Math.min(channels.in, channels.out), Math.min(...size)];
  return kernel.every((k) => k === 3) && narrow >= 128 && short >= 14 && narrow * short >= 7168;
};

/**
 * The matrices of F(4×4, 3×3), of the kernel, of a tile of 6×6 values and of the result, for the points 0, ±2/3, ±3/2 and ∞ (arXiv:1509.09308,
 * section 4.3, has ±1 and ±2). Rounding is a third of what it is with those.
 */
const [p, q] = [2 / 3, 3 / 2];
const [pp, qq] = [p * p, q * q];
const near = 1 / (2 * pp * (pp - qq));
const far = 1 / (2 * qq * (qq - pp));
const G = [
  [1 / (pp * qq), 0, 0],
  [near, near * p, near * pp],
  [near, -near * p, near * pp],
  [far, far * q, far * qq],
  [far, -far * q, far * qq],
  [0, 0, 1],
];
const B = [
  [pp * qq, 0, -pp - qq, 0, 1, 0],
  [0, -p * qq, -qq, p, 1, 0],
  [0, p * qq, -qq, -p, 1, 0],
  [0, -q * pp, -pp, q, 1, 0],
  [0, q * pp, -pp, -q, 1, 0],
  [0, pp * qq, 0, -pp - qq, 0, 1],
];
/** A column for each value of the result. */
const A = [
  [1, 0, 0, 0],
  [1, p, pp, p * pp],
  [1, -p, pp, -p * pp],
  [1, q, qq, q * qq],
  [1, -q, qq, -q * qq],
  [0, 0, 0, 1],
];

/** What a matrix does to rows and to columns, as one matrix on flattened tiles. */
const onTiles = (m: readonly (readonly number[])[]): Float32Array =>
  Float32Array.from(m.flatMap((row) => m.flatMap((column) => row.flatMap((a) => column.map((b) => a * b)))));

/** 1 or -1 where all values have that sign or are 0, as far as their making tells. */
function signOf(node: Node): number {
  if (isNonNegative(node)) return 1;
  if (node.op === 'neg') return -signOf(node.inputs[0]);
  return node.op === 'constant' && node.attrs.data.every((v) => v <= 0) ? -1 : 0;
}

/** Rounding gives values a wrong sign where sums of terms of one sign are small; what divides by them relies on the sign. */
function withSign(value: string, sign: number, e: Emitter): string {
  if (sign === 0) return value;
  return sign > 0 ? e.emit('Relu', [value]) : e.emit('Min', [value, e.initializer(Float32Array.of(0), [])]);
}

/** What a weight `[O,C,3,3]` becomes, `[36,O,C]`, computed once, since ONNX Runtime folds what depends on constants only. */
export function kernelsOf(w: string, { channels: { in: c, out: o } }: PlainConvolution, e: Emitter): string {
  const [kernels] = e.once(`winograd ${w}`, () => {
    e.madeAhead.bytes += 4 * 36 * o * c;
    const flat = e.emit('Transpose', [e.emit('Reshape', [w, e.ints([o * c, 9])])], { perm: [1, 0] });
    const products = e.emit('MatMul', [e.initializer(onTiles(G), [36, 9]), flat]);
    return [e.emit('Reshape', [products, e.ints([36, o, c])])];
  });
  return kernels;
}

/**
 * A convolution with a kernel of 3×3 by Winograd's F(4×4, 3×3): tiles of 6×6 values and the kernels become 36 numbers each, whose products,
 * summed over channels, are 36 matrix products, and of each 36 sums come 4×4 values of the result. `kernels` are those of `kernelsOf`. Rounding is about 2e-6 of the largest value, some seven times that of a direct convolution.
 * `of` are the nodes of input and weight, whose signs the result keeps.
 */
export function winograd(
  [x, kernels, bias]: readonly [x: string, kernels: string, bias?: string],
  { channels, size: [height, width] }: PlainConvolution,
  [top, left]: Pads,
  of: { readonly input: Node; readonly weight: Node },
  e: Emitter,
): string {
  const { in: c, out: o } = channels;
  const [, , h, wide] = of.input.shape as readonly number[];
  const [rows, columns] = [Math.ceil(height / 4), Math.ceil(width / 4)];
  const tiles = rows * columns;
  const reshape = (value: string, shape: readonly number[]) => e.emit('Reshape', [value, e.ints(shape)]);
  const transpose = (value: string, perm: readonly number[]) => e.emit('Transpose', [value], { perm });

  const pads = [top, left, 4 * rows + 2 - h - top, 4 * columns + 2 - wide - left];
  const tiling = e.initializer(onTiles(B), [36, 1, 6, 6]);
  const cut = e.emit('Conv', [reshape(x, [-1, 1, h, wide]), tiling], { strides: [4, 4], pads });
  const products = e.emit('MatMul', [kernels, transpose(reshape(cut, [-1, c, 36, tiles]), [0, 2, 1, 3])]);
  const sums = transpose(reshape(products, [-1, 36, o * tiles]), [0, 2, 1]);
  const values = e.emit('MatMul', [sums, e.initializer(onTiles(A), [36, 16])]);
  const placed = transpose(reshape(values, [-1, rows, columns, 4, 4]), [0, 1, 3, 2, 4]);
  const whole = reshape(placed, [-1, o, 4 * rows, 4 * columns]);
  const exact = 4 * rows === height && 4 * columns === width;
  const result = exact ? whole : e.emit('Slice', [whole, e.ints([0, 0]), e.ints([height, width]), e.ints([2, 3])]);
  const signed = withSign(result, signOf(of.input) * signOf(of.weight), e);
  return bias === undefined ? signed : e.emit('Add', [signed, reshape(bias, [o, 1, 1])]);
}
