import { erfc } from '../numeric/erf.ts';

/**
 * The probability that a chi-square number with `dof` (1, 2, ...) degrees of freedom is at least `x`: the finite sum that the upper
 * incomplete gamma function is at halves of integers (Abramowitz and Stegun 26.4.4-5), of positive terms, so small ones keep their digits.
 */
export function chiSquareTail(x: number, dof: number): number {
  if (x <= 0) return 1;
  const half = x / 2;
  const odd = dof % 2 === 1;
  let total = odd ? erfc(Math.sqrt(half)) : Math.exp(-half);
  let term = Math.exp(-half) * (odd ? 2 * Math.sqrt(half / Math.PI) : half);
  for (let a = odd ? 0.5 : 1; a < dof / 2; a++) {
    total += term;
    term *= half / (a + 1);
  }
  return total;
}
