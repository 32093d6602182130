import type { Rng } from '../../numeric/random.ts';
import { hsv, mix, type Colour } from './colours.ts';
import { fractalNoise, valueNoise } from './noise.ts';

/** A textured ground: a colour for every point of the picture. */
export interface Ground {
  /** The colours between which the ground varies. */
  readonly palette: readonly Colour[];
  /** Writes the colour at (x,y) into `out`. */
  colour(x: number, y: number, out: Float64Array): void;
}

type Field = (x: number, y: number, seed: number) => number;

/** Kinds of ground as scalar fields of about [0,1]; the coordinates are turned and scaled by the caller. */
const fields: readonly Field[] = [
  (x, y, seed) => fractalNoise(x, y, seed, 4),
  (x, y, seed) => 1 - Math.abs(2 * fractalNoise(x, y, seed, 4) - 1) * 1.6,
  (x, y, seed) => fractalNoise(x * 0.35, y * 2.2, seed, 4),
  (x, y, seed) => {
    const warp = 1.6 * valueNoise(x, y, seed + 77);
    return fractalNoise(x + warp, y - warp, seed, 3);
  },
];

/** Three related colours and sometimes a stranger. */
function drawPalette(rng: Rng): Colour[] {
  const hue = 6 * rng.uniform();
  const saturation = 0.1 + 0.5 * rng.uniform();
  const value = 0.3 + 0.5 * rng.uniform();
  const near = (spread: number) =>
    hsv(
      hue + spread * (rng.uniform() - 0.5),
      Math.min(1, Math.max(0, saturation + 0.4 * (rng.uniform() - 0.5))),
      Math.min(1, Math.max(0.08, value + 0.55 * (rng.uniform() - 0.5))),
    );
  return [near(1), near(rng.uniform() < 0.3 ? 5 : 1), near(1)];
}

/** A unit vector in a random direction, by rejection: no sine or cosine. */
export function drawDirection(rng: Rng): [number, number] {
  for (;;) {
    const x = 2 * rng.uniform() - 1;
    const y = 2 * rng.uniform() - 1;
    const r = x * x + y * y;
    if (r > 0.01 && r < 1) return [x / Math.sqrt(r), y / Math.sqrt(r)];
  }
}

/** Draws a ground for a picture of `size` pixels a side; with `palette` given, another piece of the same stuff. */
export function drawGround(rng: Rng, size: number, palette: readonly Colour[] = drawPalette(rng)): Ground {
  const field = fields[rng.integer(fields.length)];
  const seed = rng.integer(0x7fffffff);
  const frequency = (2 + 4 * rng.uniform()) / size;
  const [c, s] = drawDirection(rng);
  const [lightX, lightY] = drawDirection(rng);
  const light = (0.5 * rng.uniform()) / size;
  const contrast = 1.2 + 1.2 * rng.uniform();
  return {
    palette,
    colour(x, y, out) {
      const u = (x * c + y * s) * frequency;
      const v = (y * c - x * s) * frequency;
      mix(palette, 0.5 + contrast * (field(u, v, seed) - 0.5), out);
      const brightness = 1 + light * ((x - size / 2) * lightX + (y - size / 2) * lightY);
      for (let k = 0; k < 3; k++) out[k] *= brightness;
    },
  };
}
