import { findRuns, Level } from './level';
import { restrict } from './transfer';
import { add, present, times } from './vector';

/**
 * Sets up the system half as fine, for values and not for corrections of them; those of the unknowns must be 0 here. A place holds four and is unknown where
 * one of them is; all that ties its unknowns to what is known ties it.
 */
export function coarsen(level: Level, coarse: Level): void {
  memory.fill(coarse.value, 0, coarse.known - coarse.value);
  memory.fill(coarse.weight, 0, coarse.runs - coarse.weight);
  for (let y: usize = 1; y <= coarse.height; y++) summarise(level, coarse, y);
  restrict(level, coarse);
  weigh(coarse);
  findRuns(coarse);
}

/** A row of the coarser level: which places are unknown (2 in `weight`, which leaves sums of residuals as they are), and the means of the others. */
function summarise(level: Level, coarse: Level, y: usize): void {
  const stride = level.stride;
  let p = level.known + (2 * y - 1) * stride + 16;
  let q = level.weight + ((2 * y - 1) * stride) / 4 + 4;
  let to = coarse.known + y * coarse.stride + 16;
  let w = coarse.weight + (y * coarse.stride) / 4 + 4;
  for (const end = to + 16 * coarse.width; to < end; to += 16, w += 4, p += 32, q += 8) {
    const unknown = (load<u64>(q) | load<u64>(q + stride / 4)) != 0;
    store<f32>(w, unknown ? 2 : 0);
    const upper = add(v128.load(p), v128.load(p, 16));
    const lower = add(v128.load(p + stride), v128.load(p + stride, 16));
    const sum = add(upper, lower);
    const amount = f32x4.splat(f32x4.extract_lane(sum, 3));
    v128.store(to, unknown ? f32x4.splat(0) : v128.and(f32x4.div(sum, amount), present(amount)));
  }
}

/**
 * What ties a place to what is known may not hold it much more firmly than a neighbour does: what is known lies at its side, not at its centre. A
 * straight side calls for 16, which goes too far in corners; 64 has the fewest cycles.
 */
const firmest: f32 = 64;

/** Makes equations of sums of residuals, the last lane of which says how much ties the place to what is known. */
function weigh(level: Level): void {
  const row = level.stride / 4;
  const toDiagonal = level.diagonal - level.weight;
  for (let q = level.weight + row, f = level.fixed + level.stride; q < level.diagonal - row; q += 4, f += 16) {
    if (load<f32>(q) == 0) continue;
    const sum = v128.load(f);
    const ties = f32x4.extract_lane(sum, 3);
    const loosened = firmest / (firmest + ties);
    const up = q - row;
    const down = q + row;
    const across = load<f32>(up - 4) + load<f32>(up + 4) + load<f32>(down - 4) + load<f32>(down + 4);
    const beside = load<f32>(up) + load<f32>(q - 4) + load<f32>(q + 4) + load<f32>(down);
    const diagonal = loosened * ties + beside + across / 2;
    store<f32>(q + toDiagonal, diagonal);
    v128.store(f, times(sum, f32x4.splat(loosened / diagonal)));
  }
  for (let q = level.weight; q < level.diagonal; q += 16) {
    const diagonal = v128.load(q + toDiagonal);
    v128.store(q, v128.and(f32x4.div(f32x4.splat(2), diagonal), present(diagonal)));
  }
}
