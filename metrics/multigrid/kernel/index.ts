import { cycle, nest } from './cycle';
import { findRuns, layOut, Level } from './level';
import { read, write } from './picture';
import { sweep } from './sweep';

const finest = changetype<Level>(__heap_base);
let picture: usize = 0;
let missing: usize = 0;

/**
 * Makes room for pictures of a size, and returns where to put one: three planes of float32, then a byte for each pixel, 1 where it is missing and
 * else 0.
 */
export function reserve(height: usize, width: usize): usize {
  if (height * width > 1 << 25) unreachable(); // Memory ends at 4 GB.
  if (picture && height == finest.height && width == finest.width) return picture;
  let level = finest;
  // There are not as many levels in any memory.
  let top = layOut(level, height, width, (__heap_base + 32 * offsetof<Level>() + 15) & ~15);
  while (level.height > 1 || level.width > 1) {
    const coarser = changetype<Level>(changetype<usize>(level) + offsetof<Level>());
    top = layOut(coarser, (level.height + 1) / 2, (level.width + 1) / 2, top);
    level.coarser = coarser;
    level = coarser;
  }
  level.coarser = null;
  finest.known = finest.fixed;
  picture = top;
  missing = picture + 12 * height * width;
  const pages = <i32>((missing + height * width) >> 16) + 1;
  if (pages > memory.size()) memory.grow(pages - memory.size());
  memory.fill(finest.value, 0, picture - finest.value);
  return picture;
}

/** Sweeps whose change does not shrink to this share are worth less than cycles. */
const worthwhile: f32 = 0.65;

/**
 * Imputes the picture's missing pixels until the last sweep changes no colour by more than `enough`, or as well as float32 can; returns the number of
 * cycles. Sweeps suffice where most pixels among the missing ones are known, as in a map of noise; where they slow down, cycles begin anew.
 */
export function solve(enough: f32): i32 {
  const unknowns = read(finest, picture, missing);
  const places = findRuns(finest);
  let before = f32.MAX_VALUE;
  let change = before;
  if (unknowns < places / 2) {
    do {
      before = change;
      change = sweep(finest, true);
    } while (change > enough && change < worthwhile * before);
  }
  let cycles = 0;
  if (change > enough) {
    memory.copy(finest.value, finest.fixed, finest.fixed - finest.value);
    nest(finest);
    change = f32.MAX_VALUE;
    do {
      before = change;
      change = cycle(finest, true);
      cycles++;
    } while (change > enough && change < before);
  }
  write(finest, picture);
  return cycles;
}
