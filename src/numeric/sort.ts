import type { Rng } from './random.ts';

/** Indices in descending order of value; ties fall in an order drawn from `rng`. */
export function descendingOrder(values: Float64Array, rng: Rng): Uint32Array {
  const order = Uint32Array.from(values, (_, i) => i);
  const lot = rng.shuffle(order.slice());
  return order.sort((i, j) => values[j] - values[i] || lot[i] - lot[j]);
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
