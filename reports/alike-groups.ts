import { level } from './samples-needed.ts';

/**
 * The largest groups of neighbours in a list of ascending mean ranks whose ends are less than the critical difference apart, as first and last
 * index; groups of one are left out. Where Friedman's test finds no difference at 5 % there is one group of all.
 */
export function alikeGroups(ranks: readonly number[], difference: number, p: number): [number, number][] {
  if (p >= level) return [[0, ranks.length - 1]];
  const groups: [number, number][] = [];
  for (let first = 0; first < ranks.length; first++) {
    const last = ranks.findLastIndex((rank) => rank - ranks[first] < difference);
    if (last > first && last > (groups.at(-1)?.[1] ?? -1)) groups.push([first, last]);
  }
  return groups;
}
