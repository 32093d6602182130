/** How often values were copied one way, and how many bytes in all. */
export interface Copied {
  readonly count: number;
  readonly bytes: number;
}

/**
 * What went between the host's memory and an engine's: what programs were fed and what was read of their results. Weights, which go
 * over once, do not count, nor does what an op brings over on its own.
 */
export interface Copies {
  readonly toDevice: Copied;
  readonly toHost: Copied;
}

const none: Copied = { count: 0, bytes: 0 };

/** Of an engine that computes in the host's memory. */
export const noCopies: Copies = { toDevice: none, toHost: none };

/** Counts copies of float32 values. */
export function countCopies() {
  let copies = noCopies;
  const add = (way: keyof Copies, { length }: Float32Array) => {
    const { count, bytes } = copies[way];
    copies = { ...copies, [way]: { count: count + 1, bytes: bytes + 4 * length } };
  };
  return {
    toDevice: (data: Float32Array) => add('toDevice', data),
    toHost: (data: Float32Array) => add('toHost', data),
    now: () => copies,
  };
}

/** What went over between two counts. */
export function copiesBetween(before: Copies, after: Copies): Copies {
  const way = (name: keyof Copies): Copied => ({
    count: after[name].count - before[name].count,
    bytes: after[name].bytes - before[name].bytes,
  });
  return { toDevice: way('toDevice'), toHost: way('toHost') };
}
