import { Level } from './level';
import { add, times } from './vector';

/**
 * One sweep of Gauss-Seidel; returns, where `tracked`, the largest change of a colour. Two places at a time, both from the value left of them:
 * the second would else wait for the first, and each takes as long to wait for as to compute.
 */
export function sweep(level: Level, tracked: bool): f32 {
  const stride = level.stride;
  const toFixed = level.fixed - level.value;
  const half = f32x4.splat(0.5);
  let most = f32x4.splat(0);
  for (let run = level.runs; run < level.end; run += 8) {
    let start: usize = load<u32>(run);
    let end: usize = load<u32>(run, 4);
    for (let lower = 0; lower < 2; lower++) {
      let p = level.value + 4 * start;
      let q = level.weight + start;
      const last = level.value + 4 * end;
      let left = v128.load(p - 16);
      let old0 = v128.load(p);
      // Sums of what is above and below.
      let before = add(v128.load(p - stride - 16), v128.load(p + stride - 16));
      let here = add(v128.load(p - stride), v128.load(p + stride));
      for (; p < last; p += 32, q += 8) {
        const up = p - stride;
        const down = p + stride;
        const f = p + toFixed;
        const next = add(v128.load(up, 16), v128.load(down, 16));
        const after = add(v128.load(up, 32), v128.load(down, 32));
        const old1 = v128.load(p, 16);
        const old2 = v128.load(p, 32);
        const w0 = v128.load32_splat(q);
        const w1 = v128.load32_splat(q, 4);
        const rest0 = add(v128.load(f), times(w0, add(add(times(half, add(before, next)), here), old1)));
        const rest1 = add(v128.load(f, 16), times(w1, add(add(times(half, add(here, after)), next), old2)));
        const new0 = add(rest0, times(w0, left));
        const new1 = add(add(rest1, times(w1, rest0)), times(times(w0, w1), left));
        v128.store(p, new0);
        v128.store(p, new1, 16);
        if (tracked) {
          most = f32x4.pmax(most, f32x4.abs(f32x4.sub(new0, old0)));
          most = f32x4.pmax(most, f32x4.abs(f32x4.sub(new1, old1)));
        }
        left = new1;
        before = next;
        here = after;
        old0 = old2;
      }
      start += stride / 4;
      end += stride / 4;
    }
  }
  return max(f32x4.extract_lane(most, 0), max(f32x4.extract_lane(most, 1), f32x4.extract_lane(most, 2)));
}
