import { createHash } from 'node:crypto';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/** A seeded source of random numbers; the same seed and key give the same sequence on every machine. */
export interface Rng {
  /** A number in [0, 1). */
  uniform(): number;
  /** A number from the standard normal distribution. */
  normal(): number;
  /** An integer in [0, n). */
  integer(n: number): number;
  /** Shuffles in place (Fisher-Yates) and returns its argument. */
  shuffle<T extends { length: number; [i: number]: unknown }>(items: T): T;
  /** An independent generator for a named purpose; does not advance this one. */
  derive(key: string): Rng;
}

/** The generator of (seed, key): work units derive theirs so that results do not depend on order or batch size. */
export function createRng(seed: number, key = ''): Rng {
  const digest = createHash('sha256').update(`${seed}:${key}`).digest();
  const state = xoroshiro128plusFromState([0, 4, 8, 12].map((i) => digest.readInt32LE(i)));
  const uniform = () => uniformFloat64(state);
  let spare: number | undefined;
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const r = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = r * Math.sin(angle);
      return r * Math.cos(angle);
    },
    integer: (n) => uniformInt(state, 0, n - 1),
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = uniformInt(state, 0, i);
        [items[i], items[j]] = [items[j], items[i]];
      }
      return items;
    },
    derive: (child) => createRng(seed, `${key}/${child}`),
  };
}
