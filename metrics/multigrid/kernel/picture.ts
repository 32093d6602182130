import { Level } from './level';

/**
 * Reads a picture, three planes of numbers, and which of its pixels are missing, one byte each, into the finest level; returns how many are. Values start
 * as the picture has them.
 */
export function read(level: Level, picture: usize, missing: usize): usize {
  const plane = level.height * level.width * 4;
  const toFixed = level.fixed - level.value;
  const toDiagonal = level.diagonal - level.weight;
  let count: usize = 0;
  for (let y: usize = 1; y <= level.height; y++) {
    // Neighbours outside the picture do not count: of 12 a border lacks 4, a corner 7.
    const rows: f32 = 4 - <f32>(y == 1) - <f32>(y == level.height);
    const inside = rows * 4 - 4;
    let p = level.value + y * level.stride + 16;
    const first = level.weight + (y * level.stride) / 4 + 4;
    const end = first + 4 * level.width;
    for (let q = first; q < end; q += 4, p += 16, picture += 4, missing++) {
      const is: i32 = load<u8>(missing);
      count += is;
      const unknown = i32x4.splat(-is);
      let colour = v128.load_lane<f32>(picture, f32x4.splat(1), 0);
      colour = v128.load_lane<f32>(picture + plane, colour, 1);
      colour = v128.load_lane<f32>(picture + 2 * plane, colour, 2);
      v128.store(p, colour);
      v128.store(p + toFixed, v128.andnot(colour, unknown));
      v128.store_lane<f32>(q, v128.and(unknown, f32x4.splat(2 / inside)), 0);
      v128.store_lane<f32>(q + toDiagonal, v128.and(unknown, f32x4.splat(inside)), 0);
    }
    const border = rows * (level.width == 1 ? 2 : 3) - 4;
    setDiagonal(first, toDiagonal, border);
    setDiagonal(end - 4, toDiagonal, border);
  }
  return count;
}

function setDiagonal(q: usize, toDiagonal: usize, diagonal: f32): void {
  if (load<f32>(q) == 0) return;
  store<f32>(q, 2 / diagonal);
  store<f32>(q + toDiagonal, diagonal);
}

/** Writes the colours of the finest level over a picture. */
export function write(level: Level, picture: usize): void {
  const plane = level.height * level.width * 4;
  for (let y: usize = 1; y <= level.height; y++) {
    let p = level.value + y * level.stride + 16;
    for (const end = p + 16 * level.width; p < end; p += 16, picture += 4) {
      const colour = v128.load(p);
      v128.store_lane<f32>(picture, colour, 0);
      v128.store_lane<f32>(picture + plane, colour, 1);
      v128.store_lane<f32>(picture + 2 * plane, colour, 2);
    }
  }
}
