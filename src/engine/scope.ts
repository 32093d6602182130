import type { Kept, State } from './engine.ts';

/** The values that one computation has on a device. */
export interface Scope {
  /** Takes values over. */
  add(state: State): State;
  /** Frees all values but these. */
  keep(...states: readonly State[]): void;
}

/** Makes an empty scope. */
export function createScope(): Scope {
  const values = new Set<Kept>();
  return {
    add(state) {
      for (const value of Object.values(state)) values.add(value);
      return state;
    },
    keep(...states) {
      const needed = new Set(states.flatMap((state) => Object.values(state)));
      for (const value of values)
        if (!needed.has(value)) {
          value.dispose();
          values.delete(value);
        }
    },
  };
}
