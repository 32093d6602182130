import * as g from '../../../graph/index.ts';
import { fixed, type Pair, type ResizeCoordinates } from '../../../graph/index.ts';
import { has, intAttr, known, node, stringAttr, type Call, type Importer } from '../call.ts';
import { Unsupported } from '../unsupported.ts';
import { numbers } from '../value.ts';
import { expectPictures } from '../window.ts';

const resize: Importer = (call) => {
  const x = node(call, 0);
  expectPictures(x);
  if (intAttr(call, 'antialias', 0) || call.attributes.has('axes')) throw new Unsupported('has antialias or axes');
  const from: Pair = [g.sizeAlong(x, 2), g.sizeAlong(x, 3)];
  const to = targetSize(call, from);
  const mode = stringAttr(call, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear')
    throw new Unsupported(`has mode = '${mode}'; nearest and linear are read`);
  const coordinates = coordinatesOf(call, to);
  if (mode === 'nearest') expectSameRounding(call, coordinates, from, to);
  return g.resize(x, to, mode === 'linear' ? 'bilinear' : 'nearest', coordinates);
};

// Upsample, and Resize of opset 10, have their scales second and know neither sizes nor a choice of coordinates.
const old = (call: Call): boolean => call.op === 'Upsample' || call.opset < 11;

function targetSize(call: Call, from: Pair): Pair {
  if (!old(call) && has(call, 3)) {
    const [, , height, width] = Array.from(known(call, 3, 'a size').data);
    return [fixed(height, 'the height'), fixed(width, 'the width')];
  }
  const [, , y, x] = scalesOf(call);
  const exact: Pair = [from[0] * y, from[1] * x];
  const size: Pair = [Math.round(exact[0]), Math.round(exact[1])];
  // Scales are stored as float32; beyond their rounding, a scale and a size give different positions.
  if (exact.some((s, i) => Math.abs(s - size[i]) > 1e-4))
    throw new Unsupported(`scales ${from.join('x')} to a fraction of a pixel, ${exact.join('x')}`);
  return size;
}

const scalesOf = (call: Call): ArrayLike<number> & Iterable<number> =>
  call.attributes.get('scales')?.floats ?? Array.from(numbers(known(call, old(call) ? 1 : 2, 'a scale')));

function coordinatesOf(call: Call, to: Pair): ResizeCoordinates {
  const name = old(call) ? 'asymmetric' : stringAttr(call, 'coordinate_transformation_mode', 'half_pixel');
  if (name === 'half_pixel' || name === 'align_corners' || name === 'asymmetric') return name;
  if (name === 'pytorch_half_pixel' && to.every((s) => s > 1)) return 'half_pixel';
  throw new Unsupported(`has coordinate_transformation_mode = '${name}'`);
}

const roundings: Record<string, (p: number) => number> = {
  round_prefer_floor: (p) => Math.ceil(p - 0.5),
  round_prefer_ceil: (p) => Math.floor(p + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

const positions: Record<ResizeCoordinates, (i: number, from: number, to: number) => number> = {
  half_pixel: (i, from, to) => ((i + 0.5) * from) / to - 0.5,
  align_corners: (i, from, to) => (to === 1 ? 0 : (i * (from - 1)) / (to - 1)),
  asymmetric: (i, from, to) => (i * from) / to,
};

/** The graph's nearest takes the floor of asymmetric positions and rounds others; the file's rounding must pick the same pixels. */
function expectSameRounding(call: Call, coordinates: ResizeCoordinates, from: Pair, to: Pair): void {
  const wanted = old(call) ? 'floor' : stringAttr(call, 'nearest_mode', 'round_prefer_floor');
  const ours = roundings[coordinates === 'asymmetric' ? 'floor' : 'round_prefer_floor'];
  const inside = (p: number, size: number) => Math.min(Math.max(p, 0), size - 1);
  for (const axis of [0, 1])
    for (let i = 0; i < to[axis]; i++) {
      const p = positions[coordinates](i, from[axis], to[axis]);
      if (inside(ours(p), from[axis]) !== inside(roundings[wanted](p), from[axis]))
        throw new Unsupported(`has nearest_mode = '${wanted}' with coordinates '${coordinates}' at this scale`);
    }
}

export const resizes: Record<string, Importer> = { Resize: resize, Upsample: resize };
