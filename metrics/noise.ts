import { createRng, type Rng } from '../src/numeric/random.ts';

const bits = 16;
let bank: Float64Array | undefined;

/** 2^16 draws of the standard normal distribution, mirrored and scaled so that their mean is 0 and their variance 1. */
function normals(): Float64Array {
  if (bank) return bank;
  const rng = createRng(0, 'normals');
  const half = Float64Array.from({ length: 2 ** (bits - 1) }, () => rng.normal());
  const scale = Math.sqrt(half.reduce((total, v) => total + v * v, 0) / half.length);
  bank = Float64Array.from({ length: 2 ** bits }, (_, i) => (i % 2 ? -1 : 1) * (half[i >> 1] / scale));
  return bank;
}

/**
 * A source of normal noise for whole pictures, seeded by `rng`: fills arrays by drawing with replacement from a bank of values, some ten times as fast
 * as `rng.normal()` and as good for adding noise. What is drawn does not depend on how it is cut into arrays.
 */
export function normalNoise(rng: Rng): (values: Float64Array) => void {
  let state = rng.integer(2 ** 31 - 1) + 1;
  return (values) => (state = fill(values, normals(), state));
}

function fill(values: Float64Array, from: Float64Array, state: number): number {
  for (let i = 0; i < values.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[i] = from[state >>> (32 - bits)];
  }
  return state;
}
