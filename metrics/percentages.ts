import { z } from 'zod';

/** Shares of the pixels in percent, kept in ascending order. */
export const percentages = z
  .array(z.number().positive().lt(100))
  .min(1)
  .transform((shares) => shares.toSorted((a, b) => a - b));

/** How many of `n` pixels each percentage is, rounded down. */
export const cutsAt = (shares: readonly number[], n: number): number[] =>
  shares.map((share) => Math.floor((n * share) / 100));
