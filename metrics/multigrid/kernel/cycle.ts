import { coarsen } from './coarsen';
import { Level } from './level';
import { sweep } from './sweep';
import { prolongate, restrict } from './transfer';
import { add } from './vector';

/**
 * One multigrid V-cycle: brings values closer to the solution and returns the largest change of a colour in its last sweep, some half of what is still
 * missing. Source: Trottenberg, Oosterlee and Schüller 2001, section 2.4.
 */
export function cycle(level: Level, tracked: bool): f32 {
  const coarse = level.coarser;
  if (coarse) {
    sweep(level, false);
    restrict(level, coarse);
    cycle(coarse, false);
    prolongate(coarse, level);
  }
  return sweep(level, tracked);
}

/** Sets up all coarser levels and starts from what they have: values of unknowns, 0 before, come from one cycle on the coarser level. Source: section 2.6. */
export function nest(level: Level): void {
  const coarse = level.coarser;
  if (!coarse) return;
  coarsen(level, coarse);
  nest(coarse);
  cycle(coarse, false);
  for (let p = coarse.value, k = coarse.known; p < coarse.fixed; p += 16, k += 16)
    v128.store(p, add(v128.load(p), v128.load(k)));
  prolongate(coarse, level);
  // From here on the coarser level has corrections, which are 0 at what is known.
  memory.fill(coarse.value, 0, coarse.fixed - coarse.value);
}
