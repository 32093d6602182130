/** A mix of a lattice point and a seed into 32 random bits. Integer arithmetic only: equal on every machine. */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const table = Float64Array.from({ length: 256 }, (_, i) => (hash(i, 1, 0) >>> 0) / 0x100000000);

/** A permutation of the bytes: hashing through it is twice as fast as mixing bits, and a picture takes 65,000 of them. */
const bytes = Array.from({ length: 256 }, (_, i) => i).sort((i, j) => hash(i, 2, 0) - hash(j, 2, 0));
const permutation = Uint8Array.from([...bytes, ...bytes]);

const ease = (t: number) => t * t * (3 - 2 * t);

/** Smooth noise in [0,1) over the plane, one random value a lattice point; repeats after 256. */
export function valueNoise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const u = ease(x - ix);
  const v = ease(y - iy);
  const row = (iy + (seed >>> 8)) & 255;
  const left = permutation[(ix + seed) & 255] + row;
  const right = permutation[(ix + seed + 1) & 255] + row;
  const a = table[permutation[left]];
  const b = table[permutation[right]];
  const c = table[permutation[(left + 1) & 511]];
  const d = table[permutation[(right + 1) & 511]];
  const top = a + (b - a) * u;
  return top + (c + (d - c) * u - top) * v;
}

/** Sum of `octaves` of value noise, each of twice the frequency and half the strength of the last, in [0,1). */
export function fractalNoise(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let weight = 0;
  for (let o = 0, strength = 1; o < octaves; o++, strength /= 2) {
    sum += strength * valueNoise(x, y, seed + o * 0x2b35);
    weight += strength;
    x *= 2;
    y *= 2;
  }
  return sum / weight;
}

/** The `i`-th of a sequence of nearly normal numbers (mean 0, variance 1, within ±3.5): a sum of four uniform bytes. */
export function nearNormal(i: number, seed: number): number {
  const h = hash(i, 0, seed);
  return ((h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510) / 147.8;
}
