import { Undefined } from '../src/numeric/errors.ts';
import { sum } from '../src/numeric/statistics.ts';
import type { Region } from './region.ts';

/** The share of non-negative `relevance` `[H,W]` that lies inside the region, in [0,1]. Throws `Undefined` when there is none at all. */
export function massInside(relevance: Float64Array, { inside }: Region): number {
  const total = sum(relevance);
  if (total === 0) throw new Undefined('the map holds no relevance to share out');
  return sum(relevance.filter((_, p) => inside[p] === 1)) / total;
}
