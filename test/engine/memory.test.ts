import { expect, it } from 'vitest';
import { programBytes } from '../../src/engine/memory.ts';

const gib = 2 ** 30;

it.each([
  ['all processors', undefined, 8, 64, 32],
  ['a thread of eight', 1, 8, 64, 4],
  ['more threads than processors', 12, 8, 64, 32],
  ['little memory', 1, 16, 8, 1],
])('keeps compiled programs in half of the memory, in proportion to threads: %s', (_, threads, cores, memory, kept) =>
  expect(programBytes(threads, cores, memory * gib)).toBe(kept * gib),
);

it('finds out what this process may use', () => {
  expect(programBytes()).toBeGreaterThanOrEqual(gib);
  expect(programBytes()).toBeLessThan(2 ** 50);
});
