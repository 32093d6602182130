import { valueNoise } from './noise.ts';

/** A region of the plane of area 1 around the origin; `extent` is the radius of a disc that holds it. */
export interface Shape {
  readonly name: string;
  readonly extent: number;
  inside(x: number, y: number): boolean;
}

/** Scales a region of a known area to area 1. */
function shape(name: string, area: number, radius: number, inside: (x: number, y: number) => boolean): Shape {
  const k = Math.sqrt(area);
  return { name, extent: radius / k, inside: (x, y) => inside(x * k, y * k) };
}

const half = Math.sqrt(3) / 2;

// The constants are sines and cosines of 18, 36 and 54 degrees, written out: computed, they may differ between machines.
function insideStar(x: number, y: number): boolean {
  x = Math.abs(x);
  let along = -y;
  let across = x;
  const right = 0.9510565163 * x - 0.3090169944 * y;
  if (right > along) {
    along = right;
    across = Math.abs(0.3090169944 * x + 0.9510565163 * y);
  }
  const below = 0.5877852523 * x + 0.8090169944 * y;
  if (below > along) {
    along = below;
    across = Math.abs(0.8090169944 * x - 0.5877852523 * y);
  }
  // The edge from the tip (1, 0) to the notch, half as far out.
  return (1 - along) * 0.2938926261 >= (1 - 0.4045084972) * across;
}

/** Two discs and the wedge that touches both. */
function insideHeart(x: number, y: number): boolean {
  x = Math.abs(x);
  y -= 0.22;
  const [u, v] = [x - 0.55, y + 0.45];
  return u * u + v * v < 0.36 || (v > 0 && v > u && x + y < 0.9485);
}

/** The shapes of the ten classes, in the order of the labels. */
export const classShapes: readonly Shape[] = [
  shape('disc', Math.PI, 1, (x, y) => x * x + y * y < 1),
  shape('square', 4, 1.4143, (x, y) => Math.abs(x) < 1 && Math.abs(y) < 1),
  shape('triangle', 3 * half * 0.5, 1, (x, y) => y < 0.5 && Math.abs(x) < (1 + y) / (2 * half)),
  shape('star', 1.46946, 1, insideStar),
  shape('ring', Math.PI * (1 - 0.23), 1, (x, y) => x * x + y * y < 1 && x * x + y * y > 0.23),
  shape('cross', 2.04, 1.0441, (x, y) => {
    const a = Math.abs(x);
    const b = Math.abs(y);
    return Math.max(a, b) < 1 && Math.min(a, b) < 0.3;
  }),
  shape('crescent', 1.514, 1.27, (x, y) => {
    x -= 0.4;
    return x * x + y * y < 1 && (x - 0.55) * (x - 0.55) + y * y > 0.7;
  }),
  shape('heart', 2.985, 1.2, insideHeart),
  shape('hexagon', 3 * half, 1, (x, y) => Math.abs(y) < half && Math.abs(x) + Math.abs(y) / (2 * half) < 1),
  shape('arrow', 1.644, 1.12, (x, y) => (x > -0.1 ? Math.abs(y) < (1 - x) * 0.8 : x > -1 && Math.abs(y) < 0.38)),
];

/** An irregular roundish region that belongs to no class; every seed gives another. */
export const blob = (seed: number): Shape =>
  shape('blob', 1.85, 1.08, (x, y) => {
    const r = 0.48 + 0.6 * valueNoise(x * 1.4 + 7.3, y * 1.4 + 2.9, seed);
    return x * x + y * y < r * r;
  });

/** An oval and a bar: shapes of no class. */
export const otherShapes: readonly Shape[] = [
  shape('oval', Math.PI * 0.45, 1, (x, y) => x * x + (y * y) / 0.2025 < 1),
  shape('bar', 4 * 0.3, 1.05, (x, y) => Math.abs(x) < 1 && Math.abs(y) < 0.3),
];
