/**
 * A grid with a border around it, some of whose places are unknowns with an equation: `value = fixed + weight · (beside + across / 2)`, the sums of
 * the neighbours on its four sides and at its four corners. Values are vectors: three colours, and 1 where these are known, so that a sum of values tells of
 * how much it is. The border stays 0. Fields but the first two are places in memory and numbers of bytes.
 */
@unmanaged
export class Level {
  height: usize;
  width: usize;
  /** From a row of vectors to the next. */
  stride: usize;
  value: usize;
  /** What a place does not have from its neighbours; where it is known, all. */
  fixed: usize;
  /** The mean of what is known where nothing is unknown, else 0. */
  known: usize;
  /** 2 over the diagonal of the matrix; 0 at what is known. One number a place, as in what follows. */
  weight: usize;
  diagonal: usize;
  /** Where in two rows at a time unknowns start and have ended, counted in `weight`: from an odd column on, an even number of places. */
  runs: usize;
  end: usize;
  coarser: Level | null;
}

/** Lays out a level from `top` on and returns where it ends. */
export function layOut(level: Level, height: usize, width: usize, top: usize): usize {
  level.height = height;
  level.width = width;
  level.stride = 16 * (width + 2);
  // Two rows at a time go two rows further than the last; four numbers at a time up to three further.
  const vectors = (level.stride * (height + 4) + 63) & ~63;
  level.value = top;
  level.fixed = top + vectors;
  level.known = top + 2 * vectors;
  level.weight = top + 3 * vectors;
  level.diagonal = level.weight + vectors / 4;
  level.runs = level.diagonal + vectors / 4;
  return (level.runs + ((height + 1) / 2) * ((width + 3) / 4) * 8 + 15) & ~15;
}

/** Bytes that runs are apart, at least: to go over a few known places costs less than to start again. */
const gap: usize = 3 * 8;

/** Finds the runs of a level and returns how many places they have. */
export function findRuns(level: Level): usize {
  const row = level.stride / 4;
  let places: usize = 0;
  let run = level.runs;
  for (let y: usize = 1; y <= level.height; y += 2) {
    let end: usize = 0;
    for (let q = y * row + 4, last = q + 4 * level.width; q < last; q += 8) {
      const at = level.weight + q;
      if (!(load<u64>(at) | load<u64>(at + row))) continue;
      if (end == 0 || q >= end + gap) {
        store<u32>(run, q);
        run += 8;
        end = q;
      }
      places += q + 8 - end;
      end = q + 8;
      store<u32>(run - 4, end);
    }
  }
  level.end = run;
  // Two rows, four bytes a place.
  return places / 2;
}
