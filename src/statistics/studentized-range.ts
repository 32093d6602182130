import { normalCdf, normalDensity } from './normal.ts';

const [reach, step] = [9, 0.1];

// The integrand is smooth and vanishes at both ends, where the trapezoid rule converges exponentially.
function integral(f: (z: number) => number): number {
  let total = 0;
  for (let i = 0; i <= (2 * reach) / step; i++) total += f(i * step - reach);
  return total * step;
}

/** The probability that the range of `k` (2, 3, ...) standard normal numbers is at most `q`: `k ∫ φ(z) (Φ(z) − Φ(z−q))^(k−1) dz`. */
export function rangeCdf(q: number, k: number): number {
  if (q <= 0) return 0;
  return k * integral((z) => normalDensity(z) * (normalCdf(z) - normalCdf(z - q)) ** (k - 1));
}

/**
 * The range that `k` standard normal numbers exceed with probability `1 - p`: the quantile of the studentized range with infinitely many
 * degrees of freedom; `p` in (0, 1).
 */
export function rangeQuantile(p: number, k: number): number {
  let [low, high] = [0, 1];
  while (rangeCdf(high, k) < p) [low, high] = [high, 2 * high];
  while (high - low > 1e-11 * high) {
    const middle = (low + high) / 2;
    if (rangeCdf(middle, k) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
