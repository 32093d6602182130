import * as g from '../../../graph/index.ts';
import { has, integers, value, type Importer } from '../call.ts';
import { sliced } from '../static.ts';
import { isStatic, toNode, vector, type Value } from '../value.ts';

const slice: Importer = (call) => {
  const x = value(call, 0);
  const starts = integers(call, 1, 'starts')!;
  const ends = integers(call, 2, 'ends')!;
  const axes = integers(call, 3, 'axes') ?? starts.map((_, i) => i);
  const steps = has(call, 4) ? integers(call, 4, 'steps')! : starts.map(() => 1);
  return axes.reduce<Value>((v, axis, i) => along(v, g.axisOf(axis, x.shape.length), starts[i], ends[i], steps[i]), x);
};

/** One axis of a Slice. */
function along(x: Value, axis: number, start: number, end: number, step: number): Value {
  const size = x.shape[axis];
  const everything = start === 0 && step === 1 && end >= 2 ** 31 - 1;
  if (everything) return x;
  const length = g.fixed(size, 'a sliced axis');
  const bound = (i: number, low: number, high: number) => Math.min(Math.max(i < 0 ? i + length : i, low), high);
  // A negative step starts at the last entry at most, and may end before the first.
  const [from, to] =
    step > 0
      ? [bound(start, 0, length), bound(end, 0, length)]
      : [bound(start, 0, length - 1), bound(end, -1, length - 1)];
  const count = Math.max(Math.ceil((to - from) / step), 0);
  if (isStatic(x)) return sliced(x, axis, from, count, step);
  if (step > 0) return g.slice(x, axis, from, Math.max(to, from), step);
  return g.gather(x, toNode(vector(Array.from({ length: count }, (_, i) => from + i * step))), axis);
}

export const slices: Record<string, Importer> = { Slice: slice };
