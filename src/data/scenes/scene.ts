import { createRng, type Rng } from '../../numeric/random.ts';
import type { Tensor } from '../../numeric/tensor.ts';
import type { Box } from '../dataset.ts';
import { boxOf } from '../geometry.ts';
import { drawDirection, drawGround, type Ground } from './background.ts';
import { contrasting } from './colours.ts';
import { nearNormal } from './noise.ts';
import { covers, paintShape, type Canvas, type Paint, type Pose } from './raster.ts';
import { blob, classShapes, otherShapes, type Shape } from './shapes.ts';
import { classTextures, plain, type Texture } from './textures.ts';

/** Side of a scene in pixels. */
export const sceneSize = 64;

/** Class names by label: every class is one texture on one shape. */
export const sceneClasses: readonly string[] = classShapes.map((s, i) => `${classTextures[i].name} ${s.name}`);

export interface Scene {
  /** `[3,64,64]`, RGB; every value is a whole number of 255ths. */
  readonly image: Tensor;
  /** `64*64` values, 1 where more than half of the pixel shows the object. */
  readonly mask: Uint8Array;
  /** 0 to 9. */
  readonly label: number;
  /** The smallest box around the mask. */
  readonly box: Box;
  /** The share of the object's area that the mask holds; the rest is hidden or outside the picture. At least 0.6. */
  readonly visible: number;
}

const pick = <T>(rng: Rng, items: readonly T[]): T => items[rng.integer(items.length)];
const between = (rng: Rng, low: number, high: number) => low + (high - low) * rng.uniform();

/** Turns, stretches (keeping the area) and places a shape; `side` is that of a square of the same area, in pixels. */
function drawPose(rng: Rng, shape: Shape, side: number, centre: readonly [number, number]): Pose {
  const [c, s] = drawDirection(rng);
  const stretch = between(rng, 0.85, 1.18);
  const map = [(c / side) * stretch, (s / side) * stretch, -s / side / stretch, c / side / stretch] as const;
  return { shape, centre, map, reach: shape.extent * side * Math.max(stretch, 1 / stretch) + 1 };
}

/** Two random colours woven into a texture, lit from one side. */
function drawPaint(rng: Rng, texture: Texture, shape: Shape, ground: Ground): Paint {
  const colours = contrasting(rng, ground.palette);
  const [lx, ly] = drawDirection(rng);
  const light = 0.25 * rng.uniform();
  const weave = {
    shape,
    phase: [rng.uniform(), rng.uniform()],
    period: between(rng, 0.27, 0.36),
    seed: rng.integer(0x7fffffff),
  } as const;
  return {
    second: (u, v) => texture.second(u, v, weave),
    colour(second, u, v, _x, _y, out) {
      const brightness = 1 + light * (u * lx + v * ly);
      for (let k = 0; k < 3; k++) out[k] = colours[second ? 1 : 0][k] * brightness;
    },
  };
}

/** Another piece of the ground, as if it lay in front. */
function drawCover(rng: Rng, ground: Ground): Paint {
  const cover = drawGround(rng, sceneSize, ground.palette);
  return { second: () => false, colour: (_second, _u, _v, x, y, out) => cover.colour(x, y, out) };
}

/** A shape and a texture which are never those of one class: a mixed pair, a plain shape, or a texture on a shape of no class. */
function drawDistractor(rng: Rng): readonly [Shape, Texture] {
  const neutral = () => (rng.uniform() < 0.6 ? blob(rng.integer(0x7fffffff)) : pick(rng, otherShapes));
  const kind = rng.uniform();
  if (kind < 0.4) {
    const i = rng.integer(classShapes.length);
    const other = (i + 1 + rng.integer(classShapes.length - 1)) % classShapes.length;
    return [classShapes[i], classTextures[other]];
  }
  if (kind < 0.65) return [pick(rng, classShapes), plain];
  if (kind < 0.9) return [neutral(), pick(rng, classTextures)];
  return [neutral(), plain];
}

/** A centre off the object where there is room, else the farthest of the tries. */
function drawAside(rng: Rng, object: Pose, clearance: number): [number, number] {
  let best: [number, number] = [0, 0];
  let bestDistance = -1;
  for (let i = 0; i < 10 && bestDistance < clearance; i++) {
    const [x, y] = [between(rng, 4, sceneSize - 4), between(rng, 4, sceneSize - 4)];
    const [dx, dy] = [x - object.centre[0], y - object.centre[1]];
    const distance = Math.sqrt(dx * dx + dy * dy);
    if (distance > bestDistance) {
      best = [x, y];
      bestDistance = distance;
    }
  }
  return best;
}

/** The share of the object (its part outside the picture included) that stays visible behind an occluder, from pixel centres. */
function visibleShare(object: Float32Array, area: number, occluder: Pose): number {
  let visible = 0;
  for (let p = 0; p < object.length; p++)
    if (object[p] > 0.5 && !covers(occluder, (p % sceneSize) + 0.5, Math.floor(p / sceneSize) + 0.5)) visible++;
  return visible / area;
}

/** A pose that hides a part of the object, coming in from one side until the wanted share is left; none where that fails. */
function drawOccluder(rng: Rng, object: Pose, coverage: Float32Array, side: number): Pose | undefined {
  const shape = rng.uniform() < 0.7 ? blob(rng.integer(0x7fffffff)) : pick(rng, otherShapes);
  const [dx, dy] = drawDirection(rng);
  const wanted = between(rng, 0.72, 0.95);
  const start = drawPose(rng, shape, side * between(rng, 0.6, 1), object.centre);
  let found: Pose | undefined;
  for (let far = 1.5; far > 0.2; far -= 0.1) {
    const pose = {
      ...start,
      centre: [object.centre[0] + dx * far * side, object.centre[1] + dy * far * side] as const,
    };
    const share = visibleShare(coverage, side * side, pose);
    if (share < 0.66) break;
    found = pose;
    if (share < wanted) break;
  }
  return found;
}

/** Eight bits a value, with the noise of a sensor. */
function expose(rng: Rng, { size, data }: Canvas): Tensor {
  const seed = rng.integer(0x7fffffff);
  const noise = between(rng, 0.01, 0.035);
  for (let i = 0; i < data.length; i++) {
    const value = (data[i] + noise * nearNormal(i, seed)) * 255 + 0.5;
    data[i] = (value <= 0 ? 0 : value >= 255 ? 255 : value | 0) / 255;
  }
  return { shape: [3, size, size], data };
}

/** Paints scene `index` of a split: it depends on (seed, split, index) alone. Ten scenes in a row show each class once. */
export function scene(seed: number, split: string, index: number): Scene {
  const rng = createRng(seed, `scenes/${split}/${index}`);
  const label = index % classShapes.length;
  const size = sceneSize;
  const canvas: Canvas = { size, data: new Float32Array(3 * size * size) };

  const ground = drawGround(rng, size);
  const colour = new Float64Array(3);
  for (let p = 0; p < size * size; p++) {
    ground.colour((p % size) + 0.5, Math.floor(p / size) + 0.5, colour);
    for (let k = 0; k < 3; k++) canvas.data[p + k * size * size] = colour[k];
  }

  const side = between(rng, 0.33, 0.5) * size;
  // The same margin for every shape, so that the position says nothing about the class.
  const centre = [
    between(rng, 0.78 * side, size - 0.78 * side),
    between(rng, 0.78 * side, size - 0.78 * side),
  ] as const;
  const object = drawPose(rng, classShapes[label], side, centre);

  for (let i = 1 + rng.integer(3); i > 0; i--) {
    const [shape, texture] = drawDistractor(rng);
    const small = between(rng, 0.23, 0.36) * size;
    const pose = drawPose(rng, shape, small, drawAside(rng, object, 0.6 * (side + small)));
    paintShape(canvas, pose, drawPaint(rng, texture, shape, ground));
  }

  const coverage = paintShape(canvas, object, drawPaint(rng, classTextures[label], object.shape, ground));
  const occluder = rng.uniform() < 0.5 ? drawOccluder(rng, object, coverage, side) : undefined;
  if (occluder) {
    const paint = rng.uniform() < 0.6 ? drawCover(rng, ground) : drawPaint(rng, plain, occluder.shape, ground);
    const hidden = paintShape(canvas, occluder, paint);
    for (let p = 0; p < coverage.length; p++) coverage[p] *= 1 - hidden[p];
  }
  const mask = new Uint8Array(size * size);
  let shown = 0;
  for (let p = 0; p < mask.length; p++) if (coverage[p] > 0.5) shown += mask[p] = 1;
  const box = boxOf(mask, size, size)!;
  return { image: expose(rng, canvas), mask, label, box, visible: shown / (side * side) };
}
