import { batchFactor, product, sum, type Dim } from '../../graph/index.ts';
import { Unsupported } from './unsupported.ts';

/** Arithmetic on numbers any of which may be a multiple of the batch size. */
export type DimOp = (a: Dim, b: Dim) => Dim;

const multiple = (factor: number): Dim => (factor === 0 ? 0 : product(['N', factor]));

/** a / b where the batch size cancels or stays a factor; undefined where the result is no such number. */
export function quotient(a: Dim, b: Dim): Dim | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  const factor = (typeof a === 'number' ? a : batchFactor(a)) / (typeof b === 'number' ? b : batchFactor(b));
  if (!Number.isInteger(factor) || typeof a === 'number') return undefined;
  return typeof b === 'number' ? multiple(factor) : factor;
}

export function refuse(): never {
  throw new Unsupported('computes with the batch size');
}

/** Applies `f` to plain numbers, and `symbolic` where the batch size takes part. */
export const onNumbers =
  (f: (a: number, b: number) => number, symbolic: DimOp = refuse): DimOp =>
  (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? f(a, b) : symbolic(a, b);

const symbolicSum: DimOp = (a, b) => (a === 0 ? b : b === 0 ? a : typeof a === typeof b ? sum([a, b]) : refuse());
const symbolicDifference: DimOp = (a, b) => {
  if (b === 0) return a;
  return typeof a === 'string' && typeof b === 'string' ? multiple(batchFactor(a) - batchFactor(b)) : refuse();
};
const symbolicProduct: DimOp = (a, b) => (a === 0 || b === 0 ? 0 : product([a, b]));

export const truth = (condition: boolean): number => (condition ? 1 : 0);

export const addDims = onNumbers((a, b) => a + b, symbolicSum);
export const subtractDims = onNumbers((a, b) => a - b, symbolicDifference);
export const multiplyDims = onNumbers((a, b) => a * b, symbolicProduct);
export const divideDims = onNumbers(
  (a, b) => a / b,
  (a, b) => quotient(a, b) ?? refuse(),
);
/** Integer division, which rounds towards zero. */
export const divideIntegers = onNumbers(
  (a, b) => Math.trunc(a / b),
  (a, b) => quotient(a, b) ?? refuse(),
);
// No constant equals an unknown batch size: exporters only ask whether a dimension is -1 or 0.
export const equalDims: DimOp = (a, b) => truth(a === b);
