/**
 * A grid with a border around it, some of whose places are unknowns, and the system `Σ around (value − neighbour) = right` at these. Values are
 * three a place, one a colour: the matrix is the same for all, and sweeps do the three together, which hides what each waits for.
 */
export interface Level {
  readonly height: number;
  readonly width: number;
  /** Columns, the two of the border included. */
  readonly stride: number;
  /** 1 at unknowns, else 0. */
  readonly unknown: Uint8Array;
  /** Rows of unknowns side by side, top down: where each starts and where it has ended. */
  readonly runs: Uint32Array;
  /** The matrix's diagonal at the unknowns, and one over it. */
  readonly diagonal: Float64Array;
  readonly inverse: Float64Array;
  readonly value: Float64Array;
  readonly right: Float64Array;
}

/** Sum over the eight neighbours of a place: those beside it count twice, those across once. */
const around = (v: Uint8Array, q: number, stride: number): number =>
  v[q - stride - 1] +
  v[q - stride + 1] +
  v[q + stride - 1] +
  v[q + stride + 1] +
  2 * (v[q - stride] + v[q - 1] + v[q + 1] + v[q + stride]);

/**
 * The system of a picture, `unknown` being 1 or 0 at its `height` x `width` places row by row: neighbours outside the picture do not count,
 * and those that are known keep their value.
 */
export function createLevel(height: number, width: number, unknown: Uint8Array): Level {
  const stride = width + 2;
  const [here, inside] = [new Uint8Array((height + 2) * stride), new Uint8Array((height + 2) * stride)];
  const diagonal = new Float64Array(here.length);
  for (let y = 0; y < height; y++) {
    here.set(unknown.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
    inside.fill(1, (y + 1) * stride + 1, (y + 2) * stride - 1);
  }
  for (let q = stride; q < here.length - stride; q++) if (here[q] === 1) diagonal[q] = around(inside, q, stride);
  return levelOf(height, width, here, diagonal);
}

function levelOf(height: number, width: number, unknown: Uint8Array, diagonal: Float64Array): Level {
  const runs = new Uint32Array(unknown.length + 1);
  let ends = 0;
  for (let q = 1; q < unknown.length; q++) if (unknown[q] !== unknown[q - 1]) runs[ends++] = q;
  const [value, right] = [new Float64Array(3 * unknown.length), new Float64Array(3 * unknown.length)];
  const inverse = new Float64Array(unknown.length);
  for (let q = 0; q < inverse.length; q++) if (unknown[q] === 1) inverse[q] = 1 / diagonal[q];
  return { height, width, stride: width + 2, unknown, runs: runs.subarray(0, ends), diagonal, inverse, value, right };
}

/** The grid half as fine: a place holds four, is unknown where one of them is, and all that ties its unknowns to what is known ties it. */
function coarser({ height, width, stride, unknown, runs, diagonal }: Level): Level {
  const [rows, columns] = [(height + 1) >> 1, (width + 1) >> 1];
  const above = new Uint8Array((rows + 2) * (columns + 2));
  const total = new Float64Array(above.length);
  for (let r = 0; r < runs.length; r += 2) {
    const start = runs[r];
    const first = parentOf(start, stride, columns + 2);
    const odd = 1 - ((start % stride) & 1);
    for (let q = start; q < runs[r + 1]; q++) {
      const parent = first + ((q - start + odd) >> 1);
      above[parent] = 1;
      total[parent] += diagonal[q] - around(unknown, q, stride);
    }
  }
  for (let q = columns + 2; q < above.length - columns - 2; q++)
    if (above[q] === 1) total[q] += around(above, q, columns + 2);
  return levelOf(rows, columns, above, total);
}

/** A level and all that are coarser, down to a single place. */
export function withCoarser(level: Level): Level[] {
  const levels = [level];
  for (let last = level; last.height > 1 || last.width > 1; levels.push(last)) last = coarser(last);
  return levels;
}

/** The place of the coarser level, of so many columns with its border, that holds a place of the finer one. */
export const parentOf = (q: number, stride: number, coarseStride: number): number =>
  (((Math.floor(q / stride) - 1) >> 1) + 1) * coarseStride + (((q % stride) - 1) >> 1) + 1;
