interface Level {
  /** What of the matrix acts on a square as a whole. */
  readonly energy: Float64Array;
  readonly value: Float64Array;
  /** The square of the next level that a square lies in. */
  readonly parent: Uint32Array;
}

/**
 * A preconditioner for the system of `impute`: besides each unknown by itself, all unknowns of a square of 2, 4, 8, ... places a side are
 * corrected together, so that what is far apart learns of each other at once. `place` are the unknowns' places in a grid of `stride` columns,
 * ascending; `diagonal` is the matrix's. The function returned puts the correction for a residual `r` into `z` and returns its largest
 * magnitude. Source: Bramble, Pasciak and Xu 1990, with piecewise constant functions.
 */
export function createPyramid(
  place: Uint32Array,
  stride: number,
  diagonal: Float64Array,
): (r: Float64Array, z: Float64Array) => number {
  const n = place.length;
  const rows = Math.floor(place[n - 1] / stride) + 1;
  const depth = 32 - Math.clz32(Math.max(rows, stride) - 1);
  const cellOf = (y: number, x: number, level: number) =>
    (y >> (level + 1)) * (((stride - 1) >> (level + 1)) + 1) + (x >> (level + 1));
  const levels = Array.from({ length: depth }, (_, level): Level => {
    const [height, width] = [rows, stride].map((size) => ((size - 1) >> (level + 1)) + 1);
    const parent = new Uint32Array(height * width);
    for (let y = 0, c = 0; y < height; y++)
      for (let x = 0; x < width; x++, c++) parent[c] = (y >> 1) * (((width - 1) >> 1) + 1) + (x >> 1);
    return { energy: new Float64Array(parent.length), value: new Float64Array(parent.length), parent };
  });

  // The diagonal less the weights of pairs inside the square; a pair counts from the level on where it meets.
  const unknown = new Uint8Array((rows + 1) * stride + 2);
  for (const q of place) unknown[q] = 1;
  const neighbours = [
    [0, 1, 1 / 6],
    [1, 0, 1 / 6],
    [1, -1, 1 / 12],
    [1, 1, 1 / 12],
  ];
  const first = new Uint32Array(n);
  for (let k = 0; k < n; k++) {
    const [y, x] = [Math.floor(place[k] / stride), place[k] % stride];
    first[k] = cellOf(y, x, 0);
    levels[0].energy[first[k]] += diagonal[k];
    for (const [dy, dx, weight] of neighbours)
      if (unknown[place[k] + dy * stride + dx]) {
        const level = 31 - Math.clz32((y ^ (y + dy)) | (x ^ (x + dx)));
        levels[level].energy[cellOf(y, x, level)] -= 2 * weight;
      }
  }
  const up = ({ parent }: Level, fine: Float64Array, coarse: Float64Array) => {
    for (let c = 0; c < fine.length; c++) coarse[parent[c]] += fine[c];
  };
  for (let l = 1; l < depth; l++) up(levels[l - 1], levels[l - 1].energy, levels[l].energy);
  for (const { energy } of levels) energy.forEach((e, c) => (energy[c] = e > 1e-9 ? 1 / e : 0));

  return (r, z) => {
    for (const { value } of levels) value.fill(0);
    for (let k = 0; k < n; k++) levels[0].value[first[k]] += r[k];
    for (let l = 1; l < depth; l++) up(levels[l - 1], levels[l - 1].value, levels[l].value);
    for (let l = depth - 1; l >= 0; l--) {
      const { value, energy, parent } = levels[l];
      const coarse = levels[l + 1]?.value;
      for (let c = 0; c < value.length; c++) value[c] = value[c] * energy[c] + (coarse ? coarse[parent[c]] : 0);
    }
    let largest = 0;
    for (let k = 0; k < n; k++) {
      z[k] = r[k] / diagonal[k] + levels[0].value[first[k]];
      largest = Math.max(largest, Math.abs(z[k]));
    }
    return largest;
  };
}
