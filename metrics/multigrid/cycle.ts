import type { Level } from './level.ts';
import { sweep } from './sweep.ts';
import { prolongate, restrict } from './transfer.ts';

/**
 * One full multigrid cycle: brings the values of the first of `levels` closer to the solution and returns the square of the largest change of its
 * last sweep, some half of what is still missing. Source: Trottenberg, Oosterlee and Schüller 2001, sections 2.4 (F-cycle) and 2.8.
 */
export function cycle([level, ...rest]: readonly Level[], full = true): number {
  const change = sweep(level);
  if (rest.length === 0) return change;
  restrict(level, rest[0]);
  cycle(rest, full);
  if (full) cycle(rest, false);
  prolongate(rest[0], level);
  return sweep(level);
}
