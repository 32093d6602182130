import { z } from 'zod';
import { sum } from '../src/numeric/statistics.ts';

/** Where a map is cut into object and background: a share of its largest value, a statistic of its values, or Otsu's threshold. */
export const threshold = z.union([z.number().positive().max(1), z.enum(['mean', 'mean+std', 'otsu'])]);
export type Threshold = z.infer<typeof threshold>;

/** The smallest value that counts as object among non-negative values; never above the largest one. */
export function thresholdOf(values: Float64Array, choice: Threshold): number {
  const largest = values.reduce((a, b) => Math.max(a, b));
  if (typeof choice === 'number') return choice * largest;
  if (choice === 'otsu') return otsu(values);
  const mean = sum(values) / values.length;
  const deviation = Math.sqrt(sum(values.map((v) => (v - mean) ** 2)) / values.length);
  return Math.min(largest, choice === 'mean' ? mean : mean + deviation);
}

/**
 * The smallest value of the upper class when values are split in two so that the variance between the classes is largest; the smallest value of
 * all where they are all the same. Exact, without a histogram. Source: Otsu 1979.
 */
function otsu(values: Float64Array): number {
  const sorted = values.toSorted();
  const [n, total] = [sorted.length, sum(sorted)];
  let [best, largest, below] = [sorted[0], 0, 0];
  for (let i = 1; i < n; i++) {
    below += sorted[i - 1];
    if (sorted[i] === sorted[i - 1]) continue;
    const between = i * (n - i) * (below / i - (total - below) / (n - i)) ** 2;
    if (between > largest) [best, largest] = [sorted[i], between];
  }
  return best;
}
