import type { Shape } from './shapes.ts';

/** Where a shape lies in the picture: the linear map takes offsets from the centre (pixels) to the shape's plane. */
export interface Pose {
  readonly shape: Shape;
  readonly centre: readonly [x: number, y: number];
  readonly map: readonly [number, number, number, number];
  /** Radius of a disc around the centre that holds the shape, in pixels. */
  readonly reach: number;
}

/** What a shape is painted with: a pattern in the shape's plane (u,v), and its two colours at a point of the picture. */
export interface Paint {
  /** Whether the pattern shows its second colour. */
  second(u: number, v: number): boolean;
  /** Writes one of the two colours into `out`; (u,v) in the shape's plane is (x,y) in the picture. */
  colour(second: boolean, u: number, v: number, x: number, y: number, out: Float64Array): void;
}

/** A square picture under construction: planar RGB, `[3,size,size]`. */
export interface Canvas {
  readonly size: number;
  readonly data: Float32Array;
}

/** Offsets of a pixel's samples from its centre, along x and y. */
const offsets = [-1 / 3, 0, 1 / 3].flatMap((y) => [-1 / 3, 0, 1 / 3].map((x) => [x, y] as const));
const samples = offsets.length;

/** Whether the picture's point (x,y) lies in the posed shape. */
export function covers({ shape, centre, map }: Pose, x: number, y: number): boolean {
  const dx = x - centre[0];
  const dy = y - centre[1];
  return shape.inside(map[0] * dx + map[1] * dy, map[2] * dx + map[3] * dy);
}

/** Paints a posed shape with smooth edges (nine samples a pixel); returns each pixel's covered share, `size*size`, in [0,1]. */
export function paintShape({ size, data }: Canvas, pose: Pose, paint: Paint): Float32Array {
  const { shape, centre, map, reach } = pose;
  const [du, dv] = [0, 2].map((k) => Float64Array.from(offsets, ([x, y]) => map[k] * x + map[k + 1] * y));
  const coverage = new Float32Array(size * size);
  const [first, second] = [new Float64Array(3), new Float64Array(3)];
  const low = (c: number) => Math.max(0, Math.floor(c - reach));
  const high = (c: number) => Math.min(size, Math.ceil(c + reach));
  for (let y = low(centre[1]); y < high(centre[1]); y++)
    for (let x = low(centre[0]); x < high(centre[0]); x++) {
      const dx = x + 0.5 - centre[0];
      const dy = y + 0.5 - centre[1];
      if (dx * dx + dy * dy > reach * reach) continue;
      const u = map[0] * dx + map[1] * dy;
      const v = map[2] * dx + map[3] * dy;
      let hits = 0;
      let seconds = 0;
      for (let k = 0; k < samples; k++) {
        if (!shape.inside(u + du[k], v + dv[k])) continue;
        hits++;
        if (paint.second(u + du[k], v + dv[k])) seconds++;
      }
      if (hits === 0) continue;
      paint.colour(false, u, v, x + 0.5, y + 0.5, first);
      if (seconds > 0) paint.colour(true, u, v, x + 0.5, y + 0.5, second);
      const p = y * size + x;
      coverage[p] = hits / samples;
      for (let c = 0; c < 3; c++) {
        const i = c * size * size + p;
        data[i] = (data[i] * (samples - hits) + first[c] * (hits - seconds) + second[c] * seconds) / samples;
      }
    }
  return coverage;
}
