import type { Rng } from '../numeric/random.ts';
import { preprocess } from './preprocessing.ts';

/** The farthest that a picture is moved, in pixels. */
const reach = 4;

const values = Float32Array.from({ length: 256 }, (_, v) => preprocess(v / 255));

/**
 * Writes a turned, mirrored and moved copy of a square picture, preprocessed; pixels that come in from outside repeat the border.
 * Scenes of all classes may be turned and mirrored: they are painted at any angle, and their shapes equal their mirror images.
 */
export function augment(rng: Rng, from: Uint8Array, size: number, to: Float32Array): void {
  const [mirror, flip, turn] = [rng.integer(2), rng.integer(2), rng.integer(2)];
  const inside = (i: number) => Math.min(Math.max(i, 0), size - 1);
  const places = (reversed: number) => {
    const shift = rng.integer(2 * reach + 1) - reach;
    return Int32Array.from({ length: size }, (_, i) => inside((reversed ? size - 1 - i : i) + shift));
  };
  const rows = places(flip).map((i) => i * (turn ? 1 : size));
  const columns = places(mirror).map((i) => i * (turn ? size : 1));
  for (let c = 0, q = 0; c < 3; c++)
    for (let y = 0; y < size; y++) {
      const start = c * size * size + rows[y];
      for (let x = 0; x < size; x++) to[q++] = values[from[start + columns[x]]];
    }
}
