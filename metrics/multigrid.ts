/** A grid with a border of zeros around it, some of whose places are unknowns. */
export interface Level {
  readonly height: number;
  readonly width: number;
  /** Columns, the two of the border included. */
  readonly stride: number;
  /** Rows of unknowns side by side, top down: where each starts and where it has ended. */
  readonly runs: Uint32Array;
  /** One over the matrix's diagonal, at the unknowns. */
  readonly inverse: Float64Array;
  readonly value: Float64Array;
  readonly right: Float64Array;
}

/** Sum over the eight neighbours of a place: those beside it count twice, those across once. */
const around = (v: ArrayLike<number>, q: number, stride: number) =>
  v[q - stride - 1] +
  v[q - stride + 1] +
  v[q + stride - 1] +
  v[q + stride + 1] +
  2 * (v[q - stride] + v[q - 1] + v[q + 1] + v[q + stride]);

/**
 * Grids for the system `Σ around (value − neighbour) = right` at the unknowns of a picture, `unknown` being 1 there and 0 elsewhere, at all
 * `height` x `width` places row by row: neighbours outside the picture do not count, and those that are known keep their value. Each next
 * grid is half as fine: a place holds four, is unknown where one of them is, and all that ties its unknowns to what is known ties it.
 */
export function createLevels(height: number, width: number, unknown: Uint8Array): Level[] {
  const inside = padded(height, width, new Uint8Array(height * width).fill(1));
  const here = padded(height, width, unknown);
  const tie = new Float64Array(here.length);
  const stride = width + 2;
  for (let q = stride; q < here.length - stride; q++)
    if (here[q] === 1) tie[q] = around(inside, q, stride) - around(here, q, stride);
  return [...coarser(height, width, here, tie)];
}

function* coarser(height: number, width: number, unknown: Uint8Array, tie: Float64Array): Generator<Level> {
  const level = createLevel(height, width, unknown, tie);
  yield level;
  if (height === 1 && width === 1) return;
  const [rows, columns] = [(height + 1) >> 1, (width + 1) >> 1];
  const size = (rows + 2) * (columns + 2);
  const [above, ties] = [new Uint8Array(size), new Float64Array(size)];
  for (let y = 0; y < height; y++) {
    const parents = ((y >> 1) + 1) * (columns + 2) + 1;
    const start = (y + 1) * level.stride + 1;
    for (let x = 0; x < width; x++) {
      above[parents + (x >> 1)] |= unknown[start + x];
      ties[parents + (x >> 1)] += tie[start + x];
    }
  }
  yield* coarser(rows, columns, above, ties);
}

function padded(height: number, width: number, values: Uint8Array): Uint8Array {
  const result = new Uint8Array((height + 2) * (width + 2));
  for (let y = 0; y < height; y++) result.set(values.subarray(y * width, (y + 1) * width), (y + 1) * (width + 2) + 1);
  return result;
}

function createLevel(height: number, width: number, unknown: Uint8Array, tie: Float64Array): Level {
  const stride = width + 2;
  const runs = new Uint32Array(unknown.length + 1);
  const inverse = new Float64Array(unknown.length);
  let ends = 0;
  for (let q = 1; q < unknown.length; q++) {
    if (unknown[q] !== unknown[q - 1]) runs[ends++] = q;
    if (unknown[q] === 1) inverse[q] = 1 / (around(unknown, q, stride) + tie[q]);
  }
  const [value, right] = [new Float64Array(unknown.length), new Float64Array(unknown.length)];
  return { height, width, stride, runs: runs.subarray(0, ends), inverse, value, right };
}

/**
 * One full multigrid cycle: brings the values of the first of `levels` closer to the solution and returns the largest change of its last
 * step, some half of what is still missing. Source: Trottenberg, Oosterlee and Schüller 2001, sections 2.4 (F-cycle) and 2.8.
 */
export function cycle([level, ...rest]: readonly Level[], full = true): number {
  const change = smooth(level);
  if (rest.length === 0) return change;
  restrict(level, rest[0]);
  cycle(rest, full);
  if (full) cycle(rest, false);
  prolongate(rest[0], level);
  return smooth(level);
}

/** One sweep of Gauss-Seidel; returns the largest change. Sums of what is above and below are carried along a row. */
function smooth({ runs, stride, value, right, inverse }: Level): number {
  let most = 0;
  for (let r = 0; r < runs.length; r += 2) {
    const end = runs[r + 1];
    let q = runs[r];
    let left = value[q - 1];
    let before = value[q - 1 - stride] + value[q - 1 + stride];
    let here = value[q - stride] + value[q + stride];
    for (; q < end; q++) {
      const next = value[q + 1 - stride] + value[q + 1 + stride];
      const found = (right[q] + before + next + 2 * (here + value[q + 1] + left)) * inverse[q];
      most = Math.max(most, Math.abs(found - value[q]));
      value[q] = left = found;
      before = here;
      here = next;
    }
  }
  return most;
}

/** Sets the coarser level to ask for the correction: four residuals add up to one. */
function restrict({ runs, stride, value, right, inverse }: Level, coarse: Level): void {
  coarse.value.fill(0);
  coarse.right.fill(0);
  for (let r = 0; r < runs.length; r += 2) {
    const [start, end] = [runs[r], runs[r + 1]];
    const row = Math.floor(start / stride) * stride + 1;
    const parents = parentRow(start, stride, coarse);
    let before = value[start - 1 - stride] + value[start - 1 + stride];
    let here = value[start - stride] + value[start + stride];
    for (let q = start; q < end; q++) {
      const next = value[q + 1 - stride] + value[q + 1 + stride];
      const sum = before + next + 2 * (here + value[q - 1] + value[q + 1]);
      coarse.right[parents + ((q - row) >> 1)] += right[q] + sum - value[q] / inverse[q];
      before = here;
      here = next;
    }
  }
}

/** Adds the correction found on the coarser level, bilinearly between the centres of its places; across the picture's border it goes on flat. */
function prolongate(coarse: Level, { runs, stride, value }: Level): void {
  mirrorBorder(coarse);
  const from = coarse.value;
  for (let r = 0; r < runs.length; r += 2) {
    const [start, end] = [runs[r], runs[r + 1]];
    const y = Math.floor(start / stride) - 1;
    const row = (y + 1) * stride + 1;
    const parents = parentRow(start, stride, coarse);
    const vertical = y & 1 ? coarse.stride : -coarse.stride;
    for (let q = start; q < end; q++) {
      const parent = parents + ((q - row) >> 1);
      const beside = (q - row) & 1 ? parent + 1 : parent - 1;
      value[q] += (9 * from[parent] + 3 * (from[beside] + from[parent + vertical]) + from[beside + vertical]) / 16;
    }
  }
}

/** Where the row of the coarser level starts that holds a place of the finer one. */
const parentRow = (place: number, stride: number, coarse: Level) =>
  (((Math.floor(place / stride) - 1) >> 1) + 1) * coarse.stride + 1;

function mirrorBorder({ height, width, stride, value }: Level): void {
  for (let q = stride; q <= height * stride; q += stride) {
    value[q] = value[q + 1];
    value[q + width + 1] = value[q + width];
  }
  value.copyWithin(0, stride, 2 * stride);
  value.copyWithin((height + 1) * stride, height * stride, (height + 1) * stride);
}
