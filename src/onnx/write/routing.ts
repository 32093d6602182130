import type { NodeOf, Pair } from '../../graph/index.ts';
import type { Emitter } from './context.ts';

/** A max pool in ONNX's attributes: its padding covers the last windows. */
export interface Windows {
  readonly kernel_shape: Pair;
  readonly strides: Pair;
  readonly pads: readonly number[];
}

/** The windows along one axis of values seen as `[before, size, after]`. */
interface Axis {
  readonly size: number;
  readonly windows: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pads: readonly [before: number, behind: number];
  readonly after: number;
}

const scalar = (value: number, e: Emitter): string => e.initializer(Float32Array.of(value), []);

/** Lengthens the middle axis. */
const padded = (value: string, [before, behind]: readonly number[], filler: number, e: Emitter): string =>
  before + behind === 0 ? value : e.emit('Pad', [value, e.ints([0, before, 0, 0, behind, 0]), scalar(filler, e)]);

const perWindow = (value: string, { windows, after }: Axis, e: Emitter) => e.reshape(value, [-1, windows, after]);

/** What lies at each place of the windows, `[before, windows, after]` each; `filler` stands in the padding. */
function places(value: string, { size, windows, kernel, stride, pads, after }: Axis, filler: number, e: Emitter) {
  const whole = padded(e.reshape(value, [-1, size, after]), pads, filler, e);
  return Array.from({ length: kernel }, (_, at) =>
    e.emit('Slice', [whole, e.ints([at]), e.ints([at + (windows - 1) * stride + 1]), e.ints([1]), e.ints([stride])]),
  );
}

/** For each place but the last, in which windows the maximum is there. */
function hits(value: string, largest: string, axis: Axis, e: Emitter): string[] {
  const wanted = perWindow(largest, axis, e);
  return places(value, axis, -Infinity, e)
    .slice(0, -1)
    .map((here) => e.emit('Equal', [here, wanted]));
}

/** What lies at the first hit of each window. */
function choose(value: string, found: readonly string[], axis: Axis, e: Emitter): string {
  const all = places(value, axis, 0, e);
  return found.reduceRight((others, hit, at) => e.emit('Where', [hit, all[at], others]), all[all.length - 1]);
}

/** Adds the windows' values up at their first hits. */
function spread(value: string, found: readonly string[], axis: Axis, e: Emitter): string {
  const { size, windows, kernel, stride, pads, after } = axis;
  const zero = scalar(0, e);
  let rest = perWindow(value, axis, e);
  const parts = found.map((hit) => {
    const part = e.emit('Where', [hit, rest, zero]);
    rest = e.emit('Sub', [rest, part]);
    return part;
  });
  parts.push(rest);

  // Places a stride apart are one place of neighbouring windows, and a row of all places below the stride is a piece of the picture.
  const overlap = Math.ceil(kernel / stride) - 1;
  const rows = windows + overlap;
  const columns = parts.slice(0, stride).map((_, first) =>
    parts
      .filter((_, at) => at % stride === first)
      .map((part, later) => padded(part, [later, overlap - later], 0, e))
      .reduce((a, b) => e.emit('Add', [a, b])),
  );
  const joined = columns.length === 1 ? columns[0] : e.emit('Concat', columns, { axis: 2 });
  const gap = Math.max(stride - kernel, 0) * after;
  const whole = gap === 0 ? joined : e.emit('Pad', [joined, e.ints([0, 0, 0, 0, 0, gap]), zero]);
  const line = stride === 1 ? whole : e.reshape(whole, [-1, rows * stride, after]);
  const long = padded(line, [0, Math.max(pads[0] + size - rows * stride, 0)], 0, e);
  return pads[0] === 0 && size >= rows * stride
    ? long
    : e.emit('Slice', [long, e.ints([pads[0]]), e.ints([pads[0] + size]), e.ints([1])]);
}

/** The way between a picture and its maxima. */
export interface Routing {
  /** Values `[N,C,H,W]` at the first maxima of the windows, row by row. */
  gather(value: string): string;
  /** Adds values `[N,C,h,w]` up where those maxima are. */
  scatter(value: string): string;
}

/**
 * The routing of a max pool, of rows by columns and then of columns by rows: which place of a window is as large as the maximum.
 * All lies with channels last, so that whatever is cut or joined is made of long pieces; ONNX Runtime leaves its blocked layout for that one,
 * and comes back, as fast as it copies. `x` is what is pooled, `largest` its maxima.
 */
export function routing(
  { inputs: [{ shape }], shape: pooled }: NodeOf<'maxPoolIndices'>,
  [x, largest]: readonly [x: string, largest: string],
  { kernel_shape, strides, pads }: Windows,
  e: Emitter,
): Routing {
  const [channels, ...size] = shape.slice(1) as number[];
  const counts = pooled.slice(2) as number[];
  const along = (a: 0 | 1, after: number): Axis => ({
    size: size[a],
    windows: counts[a],
    kernel: kernel_shape[a],
    stride: strides[a],
    pads: [pads[a], pads[a + 2]],
    after,
  });
  const [down, across] = [along(0, counts[1] * channels), along(1, channels)];
  const last = (value: string) => e.emit('Transpose', [value], { perm: [0, 2, 3, 1] });
  const first = (value: string, [height, width]: readonly number[]) =>
    e.emit('Transpose', [e.reshape(value, [-1, height, width, channels])], { perm: [0, 3, 1, 2] });

  const found = e.once(`routing ${largest}`, () => {
    const window = { kernel_shape: [1, across.kernel], strides: [1, across.stride], pads: [0, pads[1], 0, pads[3]] };
    const largestInRows = last(e.emit('MaxPool', [x], window));
    return [...hits(last(x), largestInRows, across, e), ...hits(largestInRows, last(largest), down, e)];
  });
  const [inRow, inColumn] = [found.slice(0, across.kernel - 1), found.slice(across.kernel - 1)];
  return {
    gather: (value) => first(choose(choose(last(value), inRow, across, e), inColumn, down, e), counts),
    scatter: (value) => first(spread(spread(last(value), inColumn, down, e), inRow, across, e), size),
  };
}
