import { batchFactor, broadcast, product, resolveDim, type Dim, type Shape } from '../../graph/index.ts';
import { quotient } from './dims.ts';
import { Unsupported } from './unsupported.ts';

/*
 * Files made for one batch size hold it as a plain number in the shapes that they reshape and expand to. The reader works with
 * the symbolic N, so it has to find out which of those numbers is the batch.
 */

/** The target of a Reshape, with 0 (the same as before) and -1 (what is left) worked out. */
export function reshapeTarget(
  from: Shape,
  target: readonly Dim[],
  allowZero: boolean,
  batch: number | undefined,
): Shape {
  const dims = target.map((d, i): Dim => (d === 0 && !allowZero ? from[i] : d));
  const literal = completed(dims, product(from));
  if (literal && (batch === undefined || !hasBatch(product(from)))) return literal;
  const found = withBatch(from, dims, batch ?? 1) ?? literal;
  if (!found) throw new Unsupported(`cannot turn the shape [${from.join(',')}] into [${target.join(',')}]`);
  return found;
}

const hasBatch = (d: Dim): boolean => batchFactor(d) > 0;

/** Fills in -1; undefined where the sizes do not agree. */
function completed(dims: readonly Dim[], total: Dim): Shape | undefined {
  const open = dims.indexOf(-1);
  if (dims.filter((d) => typeof d !== 'number').length > 1) return undefined;
  const known = product(dims.filter((d) => d !== -1));
  if (open < 0) return known === total ? dims : undefined;
  const rest = quotient(total, known);
  if (rest === undefined || (typeof rest === 'number' && !Number.isInteger(rest))) return undefined;
  return dims.map((d, i) => (i === open ? rest : d));
}

/** Works the target out for the file's batch size, then puts N into the axis where the batch axis comes to lie. */
function withBatch(from: Shape, dims: readonly Dim[], batch: number): Shape | undefined {
  const plain = (shape: readonly Dim[]) => shape.map((d) => resolveDim(d, batch));
  const sizes = completed(plain(dims), product(plain(from))) as number[] | undefined;
  if (!sizes) return undefined;
  const axis = batchAxis(from, sizes, batch);
  const factor = sizes[axis] / batch;
  return Number.isInteger(factor) ? sizes.map((d, i): Dim => (i === axis ? product(['N', factor]) : d)) : undefined;
}

/**
 * Of a matrix, the rows. Else, among the axes that the reshape does not leave as they are at either end, the first as long as the
 * batch, or else the first.
 */
function batchAxis(from: Shape, sizes: readonly number[], batch: number): number {
  if (sizes.length <= 2) return 0;
  const own = from.findIndex(hasBatch);
  let [start, end] = [0, sizes.length];
  for (let i = from.length - 1; i > own && end > 1 && from[i] === sizes[end - 1]; i--) end--;
  while (start < own && start < end - 1 && from[start] === sizes[start]) start++;
  const found = sizes.indexOf(batch, start);
  return found >= 0 && found < end ? found : start;
}

/** The target of an Expand: the common shape, where a plain number in the place of N is the file's batch size. */
export function expandTarget(from: Shape, target: readonly Dim[], batch: number | undefined): Shape {
  const lead = target.length - from.length;
  const dims = target.map((d, i): Dim => {
    const own = from[i - lead];
    return typeof own === 'string' && d === resolveDim(own, batch ?? 1) ? own : d;
  });
  return broadcast(from, dims);
}
