import type { Rng } from './random.ts';

/** Indices in descending order of value; ties fall in an order drawn from `rng`. The values hold no NaN. */
export function descendingOrder(values: Float64Array, rng: Rng): Uint32Array {
  const order = ascendingOrder(values).reverse();
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    if (end - start > 1) rng.shuffle(order.subarray(start, end));
  }
  return order;
}

/** Indices in ascending order of value, tied ones in their own order: a radix sort of the bits, eight at a time. */
function ascendingOrder(values: Float64Array): Uint32Array<ArrayBuffer> {
  const n = values.length;
  const halves = ascendingBits(values);
  let order = new Uint32Array(n);
  let next = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const starts = new Uint32Array(257);
  for (const half of halves)
    for (let shift = 0; shift < 32; shift += 8) {
      starts.fill(0);
      for (let i = 0; i < n; i++) starts[((half[i] >>> shift) & 255) + 1]++;
      if (starts.includes(n)) continue; // All alike in these bits, as the lower ones of float32 values are.
      for (let d = 1; d < 257; d++) starts[d] += starts[d - 1];
      for (let k = 0; k < n; k++) next[starts[(half[order[k]] >>> shift) & 255]++] = order[k];
      [order, next] = [next, order];
    }
  return order;
}

/** The lower and the upper halves of 64-bit integers that ascend as the values do. */
function ascendingBits(values: Float64Array): [Uint32Array, Uint32Array] {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const cell = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < values.length; i++) {
    cell.setFloat64(0, values[i] + 0); // -0 becomes 0.
    const flip = cell.getInt32(0) >> 31; // All ones for a negative value, whose bits descend.
    high[i] = cell.getInt32(0) ^ (flip | 0x80000000);
    low[i] = cell.getInt32(4) ^ flip;
  }
  return [low, high];
}

/** Ranks from 1 in ascending order of value; tied values share the mean of their ranks. */
export function averageRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
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
