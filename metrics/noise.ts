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
 * A source of normal noise for whole pictures, seeded by `rng`: it draws with replacement from a bank of values, some ten times as fast as
 * `rng.normal()` and as good for adding noise.
 */
export function normalNoise(rng: Rng): () => number {
  const values = normals();
  let state = rng.integer(2 ** 31 - 1) + 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return values[state >>> (32 - bits)];
  };
}
