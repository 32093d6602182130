import { Level } from './level';
import { add, present, times } from './vector';

/** Where the coarser level has the place of the first of two rows and columns, counted in `weight`. */
function parentOf(q: usize, level: Level, coarse: Level): usize {
  const row = level.stride / 4;
  return ((q / row / 2 + 1) * coarse.stride) / 4 + ((q % row) / 8 + 1) * 4;
}

/** Has the coarser level ask for the correction: what is missing at four places, added up, is what is missing at theirs. */
export function restrict(level: Level, coarse: Level): void {
  const stride = level.stride;
  const toFixed = level.fixed - level.value;
  const toDiagonal = level.diagonal - level.weight;
  const half = f32x4.splat(0.5);
  // One over the diagonal is half the weight. A line has two places where a grid has four: then they count twice.
  const share = f32x4.splat(level.height == 1 || level.width == 1 ? 1 : 0.5);
  for (let run = level.runs; run < level.end; run += 8) {
    let start: usize = load<u32>(run);
    let end: usize = load<u32>(run, 4);
    const parent = parentOf(start, level, coarse);
    memory.fill(coarse.value + 4 * parent, 0, 2 * (end - start));
    for (let lower = 0; lower < 2; lower++) {
      let p = level.value + 4 * start;
      let q = level.weight + start;
      let to = coarse.fixed + 4 * parent;
      let w = coarse.weight + parent;
      const last = level.value + 4 * end;
      let left = v128.load(p - 16);
      let value0 = v128.load(p);
      let before = add(v128.load(p - stride - 16), v128.load(p + stride - 16));
      let here = add(v128.load(p - stride), v128.load(p + stride));
      for (; p < last; p += 32, q += 8, to += 16, w += 4) {
        const up = p - stride;
        const down = p + stride;
        const next = add(v128.load(up, 16), v128.load(down, 16));
        const after = add(v128.load(up, 32), v128.load(down, 32));
        const value1 = v128.load(p, 16);
        const value2 = v128.load(p, 32);
        const residual0 = residual(
          p,
          q,
          toFixed,
          toDiagonal,
          add(add(times(half, add(before, next)), here), add(left, value1)),
        );
        const residual1 = residual(
          p + 16,
          q + 4,
          toFixed,
          toDiagonal,
          add(add(times(half, add(here, after)), next), add(value0, value2)),
        );
        const sum = add(residual0, residual1);
        v128.store(to, lower ? times(add(v128.load(to), sum), times(share, v128.load32_splat(w))) : sum);
        left = value1;
        value0 = value2;
        before = next;
        here = after;
      }
      start += stride / 4;
      end += stride / 4;
    }
  }
}

/** The residual at a place. The diagonal times the weight is 2 without any rounding, so that rounded weights do not pull large areas to 0. */
function residual(p: usize, q: usize, toFixed: usize, toDiagonal: usize, around: v128): v128 {
  const diagonal = v128.load32_splat(q + toDiagonal);
  const own = times(diagonal, f32x4.sub(v128.load(p + toFixed), v128.load(p)));
  return add(own, times(times(diagonal, v128.load32_splat(q)), around));
}

/** Adds to unknowns what the coarser level has there, linearly between the centres of its places; across the picture's border it goes on flat. */
export function prolongate(coarse: Level, level: Level): void {
  mirror(coarse);
  const half = f32x4.splat(0.5);
  const quarter = f32x4.splat(0.25);
  for (let run = level.runs; run < level.end; run += 8) {
    let start: usize = load<u32>(run);
    let end: usize = load<u32>(run, 4);
    const parent = parentOf(start, level, coarse);
    let away = -coarse.stride;
    for (let lower = 0; lower < 2; lower++) {
      let p = level.value + 4 * start;
      let q = level.weight + start;
      let from = coarse.value + 4 * parent;
      const last = level.value + 4 * end;
      let left = v128.load(from - 16);
      let here = v128.load(from);
      for (; p < last; p += 32, q += 8, from += 16) {
        const right = v128.load(from, 16);
        const centre = add(times(half, here), times(quarter, v128.load(from + away)));
        correct(p, q, add(centre, times(quarter, left)));
        correct(p + 16, q + 4, add(centre, times(quarter, right)));
        left = here;
        here = right;
      }
      away = coarse.stride;
      start += level.stride / 4;
      end += level.stride / 4;
    }
  }
  clearBorder(coarse);
}

function correct(p: usize, q: usize, by: v128): void {
  v128.store(p, add(v128.load(p), v128.and(by, present(v128.load32_splat(q)))));
}

function mirror(level: Level): void {
  const first = level.value + level.stride;
  const end = first + level.height * level.stride;
  for (let p = first; p < end; p += level.stride) {
    v128.store(p, v128.load(p, 16));
    const right = p + 16 * level.width;
    v128.store(right, v128.load(right), 16);
  }
  memory.copy(level.value, first, level.stride);
  memory.copy(end, end - level.stride, level.stride);
}

function clearBorder(level: Level): void {
  const first = level.value + level.stride;
  const end = first + level.height * level.stride;
  for (let p = first; p < end; p += level.stride) {
    v128.store(p, f32x4.splat(0));
    v128.store(p + 16 * level.width, f32x4.splat(0), 16);
  }
  memory.fill(level.value, 0, level.stride);
  memory.fill(end, 0, level.stride);
}
