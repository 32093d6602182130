import type { Pads } from '../graph/index.ts';

/** The padding with which an odd kernel keeps the size of the picture. */
export function samePads(kernel: number): Pads {
  const p = (kernel - 1) / 2;
  return [p, p, p, p];
}
