import type { Rng } from './random.ts';

/** Indices in descending order of value; ties fall in an order drawn from `rng`. The values hold no NaN, and do not change. */
export function descendingOrder(values: Float64Array, rng: Rng): Uint32Array {
  const order = ascendingOrder(values).toReversed();
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    if (end - start > 1) rng.shuffle(order.subarray(start, end));
  }
  return order;
}

/** A map is ranked by one metric after the other. */
const known = new WeakMap<Float64Array, Uint32Array>();

/** Indices in ascending order of value, tied ones in their own order; kept as long as the values are. */
function ascendingOrder(values: Float64Array): Uint32Array {
  let order = known.get(values);
  if (!order) known.set(values, (order = sortExactly(values, sortRounded(values))));
  return order;
}

const digits = 11;
/** Powers in a loop are slow. */
const lowest = 2 ** digits - 1;

/** Indices in ascending order of what the values are in float32: a radix sort of its bits, eleven at a time. */
function sortRounded(values: Float64Array): Uint32Array {
  const n = values.length;
  const rounded = new Float32Array(values);
  const keys = new Int32Array(rounded.buffer);
  for (let i = 0; i < n; i++) {
    rounded[i] += 0; // -0 becomes 0.
    keys[i] ^= (keys[i] >> 31) | 0x80000000; // Bits of a negative value descend.
  }
  let order = new Uint32Array(n);
  let next = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let shift = 0; shift < 32; shift += digits) {
    const starts = new Uint32Array(lowest + 2);
    for (let i = 0; i < n; i++) starts[((keys[i] >>> shift) & lowest) + 1]++;
    if (starts.includes(n)) continue; // All are alike in these bits.
    for (let d = 1; d < starts.length; d++) starts[d] += starts[d - 1];
    for (let k = 0; k < n; k++) next[starts[(keys[order[k]] >>> shift) & lowest]++] = order[k];
    [order, next] = [next, order];
  }
  return order;
}

/** Sorts by comparison what float32 does not tell apart: few values, as most maps come in float32. */
function sortExactly(values: Float64Array, order: Uint32Array): Uint32Array {
  for (let start = 0, end = 0; start < order.length; start = end) {
    const rounded = Math.fround(values[order[start]]);
    let alike = true;
    for (; end < order.length && Math.fround(values[order[end]]) === rounded; end++)
      alike &&= values[order[end]] === values[order[start]];
    if (!alike) order.subarray(start, end).sort((i, j) => values[i] - values[j]);
  }
  return order;
}

/** Ranks from 1 in ascending order of value; tied values share the mean of their ranks. */
export function averageRanks(values: Float64Array): Float64Array {
  const order = ascendingOrder(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
  }
  return ranks;
}

/**
 * The probability that each value is among the `k` largest (1 <= k <= length) when ties are broken at random: 1 above the k-th value, 0
 * below it, and an equal share for those tied with it. The probabilities add up to `k`.
 */
export function topMembership(values: Float64Array, k: number): Float64Array {
  const threshold = values.toSorted()[values.length - k];
  let above = 0;
  let tied = 0;
  for (const v of values)
    if (v > threshold) above++;
    else if (v === threshold) tied++;
  const share = (k - above) / tied;
  return values.map((v) => (v > threshold ? 1 : v === threshold ? share : 0));
}
