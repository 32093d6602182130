/** The p from which on nothing is shown. */
export const level = 0.05;

/**
 * How many samples it takes before anything can be shown by some comparisons: the least p of n pairs is 2^(1-n), and Holm multiplies the least of a
 * family by its size.
 */
export const samplesNeeded = (comparisons: number): number => Math.floor(1 + Math.log2(comparisons / level)) + 1;
