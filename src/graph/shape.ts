/** A size along one axis: a number, or a multiple of the symbolic batch size N, written `N`, `2N`, ... */
export type Dim = number | 'N' | `${number}N`;
/** The shape of a tensor; the batch size may be symbolic. */
export type Shape = readonly Dim[];

/** How many batch sizes a dimension holds: 0 for a plain number, 1 for `N`, 2 for `2N`. */
export const batchFactor = (d: Dim): number => (typeof d === 'number' ? 0 : d === 'N' ? 1 : Number(d.slice(0, -1)));

const multipleOfN = (k: number): Dim => (k === 1 ? 'N' : `${k}N`);

/** The number behind a dimension, once the batch size is known. */
export const resolveDim = (d: Dim, batch: number): number => (typeof d === 'number' ? d : batchFactor(d) * batch);

/** The numbers behind a shape, once the batch size is known. */
export const resolveShape = (shape: Shape, batch: number): number[] => shape.map((d) => resolveDim(d, batch));

/** A shape for messages: `[N,3,224,224]`. */
export const formatShape = (shape: Shape): string => `[${shape.join(',')}]`;

/** Whether two shapes are the same, dimension by dimension. */
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

/** Product of dimensions. Throws RangeError for N*N, which no tensor here has. */
export function product(dims: Shape): Dim {
  let factor = 1;
  let batch = false;
  for (const d of dims) {
    if (typeof d === 'number') {
      factor *= d;
    } else if (batch) {
      throw new RangeError(`the product of ${formatShape(dims)} holds the batch size twice`);
    } else {
      factor *= batchFactor(d);
      batch = true;
    }
  }
  return batch ? multipleOfN(factor) : factor;
}

/** Sum of dimensions of one kind, all numbers or all multiples of N. */
export function sum(dims: Shape): Dim {
  if (dims.every((d) => typeof d === 'number')) return dims.reduce((a, b) => a + b, 0);
  if (dims.every((d) => typeof d !== 'number')) return multipleOfN(dims.reduce((a, d) => a + batchFactor(d), 0));
  throw new RangeError(`cannot add the dimensions ${formatShape(dims)}`);
}

/** The common shape of operands, by the rules of NumPy. Throws RangeError where there is none. */
export function broadcast(...shapes: Shape[]): Shape {
  const rank = Math.max(...shapes.map((s) => s.length));
  const result: Dim[] = new Array<Dim>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((d, i) => {
      const axis = rank - shape.length + i;
      if (d === 1 || d === result[axis]) return;
      if (result[axis] !== 1) throw new RangeError(`shapes ${shapes.map(formatShape).join(' and ')} do not broadcast`);
      result[axis] = d;
    });
  }
  return result;
}

/** A plain number, or a RangeError that says which dimension may not depend on the batch size. */
export function fixed(d: Dim, what: string): number {
  if (typeof d !== 'number') throw new RangeError(`${what} may not depend on the batch size (${d})`);
  return d;
}

/** `axis` counted from the front. Throws RangeError outside the rank. */
export function axisOf(axis: number, rank: number): number {
  const a = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(a) || a < 0 || a >= rank)
    throw new RangeError(`axis ${axis} is outside a tensor of rank ${rank}`);
  return a;
}
