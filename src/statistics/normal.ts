import { erfc } from '../numeric/erf.ts';

/** The probability that a standard normal number is at most `x`; small ones keep about 11 digits. */
export const normalCdf = (x: number): number => erfc(-x / Math.SQRT2) / 2;

/** The density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** The number below which a standard normal one lies with probability `p`; -Infinity for 0, Infinity for 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  // Abramowitz and Stegun 26.2.23, to 4.5e-4; each of Halley's steps trebles the digits.
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3) - t;
  for (let step = 0; step < 3; step++) {
    const newton = (normalCdf(x) - p) / normalDensity(x);
    x -= newton / (1 + (x * newton) / 2);
  }
  return x;
}
