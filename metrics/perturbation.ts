import { softmaxAt } from '../src/numeric/softmax.ts';
import { descendingOrder } from '../src/numeric/sort.ts';
import { trapezoid } from '../src/numeric/statistics.ts';
import { argMax, rowsOf, sizeOf, stack, type Tensor } from '../src/numeric/tensor.ts';
import type { Curve, MapContext, Score, Turned } from './metric.ts';

const chunk = 32;

/** What is read off a picture's logits `[K]` for a class: its softmax probability, its logit, or whether it is the predicted one (1 or 0). */
const readings = {
  probability: softmaxAt,
  logit: (logits: Float32Array, target: number) => logits[target],
  predicted: (logits: Float32Array, target: number) => Number(argMax(logits) === target),
};
export type Reading = keyof typeof readings;

const read = (logits: Tensor, target: number, reading: Reading): Float64Array =>
  Float64Array.from(rowsOf(logits), ({ data }) => readings[reading](data, target));

/**
 * Logits `[N,K]` of `count` pictures of a shape, asked for a few at a time. `paint(i, picture)` writes the i-th into `picture`, which
 * holds anything before.
 */
export async function paintedLogits(
  predict: MapContext<unknown>['predict'],
  shape: readonly number[],
  count: number,
  paint: (i: number, picture: Float32Array) => void,
): Promise<Tensor> {
  const size = sizeOf(shape);
  const batch = new Float32Array(Math.min(chunk, count) * size);
  const rows: Tensor[] = [];
  for (let first = 0; first < count; first += chunk) {
    const n = Math.min(chunk, count - first);
    for (let i = 0; i < n; i++) paint(first + i, batch.subarray(i * size, (i + 1) * size));
    rows.push(...rowsOf(await predict({ shape: [n, ...shape], data: batch.subarray(0, n * size) })));
  }
  return stack(rows);
}

/** The score of the explained class for `count` pictures `[3,H,W]`, painted as for `paintedLogits`. */
export async function scoresOf(
  { image, predict, target }: Pick<MapContext<unknown>, 'image' | 'predict' | 'target'>,
  count: number,
  paint: (i: number, picture: Float32Array) => void,
  reading: Reading = 'probability',
): Promise<Float64Array> {
  return read(await paintedLogits(predict, image.shape, count, paint), target, reading);
}

type Asked = Pick<MapContext<unknown>, 'predictTurned' | 'target'>;

/** The score of the explained class for pictures made of two. */
export async function turnedScores(
  { predictTurned, target }: Asked,
  pictures: Turned,
  reading: Reading = 'probability',
): Promise<Float64Array> {
  return read(await predictTurned(pictures), target, reading);
}

/** Writes feature `f` of `from` over that of `picture`: a pixel in all its channels where there are as many features as pixels. */
export function copyFeature(from: Float32Array, picture: Float32Array, f: number, features: number): void {
  for (let p = f; p < picture.length; p += features) picture[p] = from[p];
}

/** Features in the order in which they turn, and how many have turned at each point of a curve. */
export interface Path {
  readonly order: Uint32Array;
  readonly cuts: readonly number[];
}

/**
 * The scores while features turn, in `order`, from `from` `[3,H,W]` into `to` `[3,H,W]`; point s of the curve has the first `cuts[s]` of
 * them turned, and its `x` is that share of all.
 */
export async function perturbationCurve(
  context: Asked,
  { from, to, order, cuts, reading }: Path & { from: Tensor; to: Tensor; reading?: Reading },
): Promise<Curve> {
  const spans = cuts.map((cut) => [0, cut] as const);
  const y = await turnedScores(context, { from, to, order, spans }, reading);
  return { x: cuts.map((cut) => cut / order.length), y: [...y] };
}

/** `floor(s·n/steps)` for s = 0 … steps; one feature a step when there are fewer features than steps. */
export function evenCuts(features: number, wanted: number): number[] {
  const last = Math.min(wanted, features);
  return Array.from({ length: last + 1 }, (_, s) => Math.floor((s * features) / last));
}

/**
 * The area under the probability of the explained class while pixels turn, in descending order of the heatmap, from `from` `[3,H,W]` into
 * `to` `[3,H,W]`: the trapezoids over the fractions really turned, both ends included. Ties fall in the order drawn from `rng`.
 */
export async function areaUnderPath(
  context: Asked & Pick<MapContext<unknown>, 'heatmap' | 'rng'>,
  { from, to, steps }: { from: Tensor; to: Tensor; steps: number },
): Promise<Score> {
  const { values } = context.heatmap;
  const order = descendingOrder(values, context.rng);
  const curve = await perturbationCurve(context, { from, to, order, cuts: evenCuts(values.length, steps) });
  return { value: trapezoid(curve.x, curve.y), curve };
}
