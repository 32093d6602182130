import { createRng, type Rng } from '../src/numeric/random.ts';

const bits = 16;
let bank: Float32Array | undefined;

/** 2^16 draws of the standard normal distribution, mirrored and scaled so that their mean is 0 and their variance 1. */
function normals(): Float32Array {
  if (bank) return bank;
  const rng = createRng(0, 'normals');
  const half = Float64Array.from({ length: 2 ** (bits - 1) }, () => rng.normal());
  const scale = Math.sqrt(half.reduce((total, v) => total + v * v, 0) / half.length);
  bank = Float32Array.from({ length: 2 ** bits }, (_, i) => (i % 2 ? -1 : 1) * (half[i >> 1] / scale));
  return bank;
}

/** A source of normal noise for whole pictures. What is drawn does not depend on how it is cut into calls. */
export interface Noise {
  fill(values: Float64Array): void;
  /** Adds `sigma` times noise to the values at some places, in their order. */
  addAt(places: Uint32Array, values: Float32Array, sigma: number): void;
}

/** Noise seeded by `rng`: draws with replacement from a bank of values, some ten times as fast as `rng.normal()` and as good for adding noise. */
export function normalNoise(rng: Rng): Noise {
  let state = rng.integer(2 ** 31 - 1) + 1;
  return {
    fill: (values) => void (state = fill(values, normals(), state)),
    addAt: (places, values, sigma) => void (state = addAt(places, values, sigma, normals(), state)),
  };
}

function following(state: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  return state ^ (state << 5);
}

function fill(values: Float64Array, from: Float32Array, state: number): number {
  for (let i = 0; i < values.length; i++) {
    state = following(state);
    values[i] = from[state >>> (32 - bits)];
  }
  return state;
}

function addAt(places: Uint32Array, values: Float32Array, sigma: number, from: Float32Array, state: number): number {
  for (let k = 0; k < places.length; k++) {
    state = following(state);
    values[places[k]] += sigma * from[state >>> (32 - bits)];
  }
  return state;
}
