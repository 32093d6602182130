import type { Rng } from '../../numeric/random.ts';

/** Red, green, blue in [0,1]. */
export type Colour = readonly [number, number, number];

const hueWeight = (h: number) => Math.min(1, Math.max(0, Math.abs((((h % 6) + 6) % 6) - 3) - 1));

/** A colour of the given hue (in sixths of the circle), saturation and value. */
export const hsv = (h: number, s: number, v: number): Colour => [
  v * (1 - s + s * hueWeight(h)),
  v * (1 - s + s * hueWeight(h - 2)),
  v * (1 - s + s * hueWeight(h + 2)),
];

const luminance = ([r, g, b]: Colour) => 0.3 * r + 0.59 * g + 0.11 * b;

// Products, not powers: `**` may differ in the last bit between machines.
const square = (v: number) => v * v;

const distance = (a: Colour, b: Colour) => Math.sqrt(square(a[0] - b[0]) + square(a[1] - b[1]) + square(a[2] - b[2]));

const draw = (rng: Rng): Colour => hsv(6 * rng.uniform(), 0.15 + 0.85 * rng.uniform(), 0.15 + 0.85 * rng.uniform());

/** Two colours that stand out from each other in brightness, and each from those of the ground. */
export function contrasting(rng: Rng, ground: readonly Colour[]): readonly [Colour, Colour] {
  let best: readonly [Colour, Colour] = [draw(rng), draw(rng)];
  let bestScore = -Infinity;
  for (let i = 0; i < 24 && bestScore < 0; i++) {
    const pair = [draw(rng), draw(rng)] as const;
    const inner = Math.abs(luminance(pair[0]) - luminance(pair[1])) - 0.33;
    const outer = Math.min(...ground.flatMap((g) => [distance(pair[0], g), distance(pair[1], g)])) - 0.3;
    const score = Math.min(inner, outer);
    if (score > bestScore) {
      best = pair;
      bestScore = score;
    }
  }
  return best;
}

/** Linear interpolation in a list of colours; t in [0,1]. Writes into `out`. */
export function mix(palette: readonly Colour[], t: number, out: Float64Array): void {
  const at = Math.min(Math.max(t, 0), 0.999999) * (palette.length - 1);
  const i = Math.floor(at);
  const f = at - i;
  for (let c = 0; c < 3; c++) out[c] = palette[i][c] * (1 - f) + palette[i + 1][c] * f;
}
