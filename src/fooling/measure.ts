import type { Engine } from '../engine/engine.ts';
import type { AttributionOf } from '../explainers/index.ts';
import type { Model } from '../model/model.ts';
import { Undefined } from '../numeric/errors.ts';
import { toHeatmap } from '../numeric/heatmap.ts';
import { mean, pearson } from '../numeric/statistics.ts';
import { at, type Tensor } from '../numeric/tensor.ts';
import { topCells, type Fooling, type Maps } from './losses.ts';
import { observe, type Explained } from './observe.ts';

/** What became of the maps of one explainer. */
export interface FoolingResult {
  /** The paper's fooling success rate: the share of pictures whose measure is in the range that counts as fooled. */
  readonly fooled: number;
  /** The same share by the model as it was, whose maps are in the range without anything being done. */
  readonly fooledBefore: number;
  /** Mean of the measure. */
  readonly measure: number;
  /** Mean Pearson correlation of the class's maps before and after, absolute values summed over channels. */
  readonly pearson: number;
  /** Pictures without a value: a map that is zero or the same everywhere. */
  readonly undefined: number;
}

const step = { channels: 'abs-sum', sign: 'absolute', normalise: 'none' } as const;

/** Compares the maps of two models of one shape on the same pictures, classes and explainer. Throws `Undefined` where no picture has a value. */
export async function measureFooling(
  engine: Engine,
  [before, after]: readonly [Model, Model],
  attribution: AttributionOf,
  fooling: Fooling,
  explained: Explained,
): Promise<FoolingResult> {
  const [old, now] = [
    await observe(engine, before, attribution)(explained),
    await observe(engine, after, attribution)(explained),
  ];
  const mapsOf = ({ label, other }: Maps<Tensor>, i: number) => {
    const [own, second] = [label, other].map((maps) => Float64Array.from(at(maps, i).data));
    return { label: own, other: second, top: topCells(own) };
  };
  const values = Array.from({ length: explained.pixels.shape[0] }, (_, i) => {
    const [was, is] = [mapsOf(old, i), mapsOf(now, i)];
    const heatmap = ({ attribution }: { attribution: Tensor }) => toHeatmap(at(attribution, i), step).values;
    return valueOf(() => ({
      measure: fooling.measure(is, was),
      own: fooling.measure(was, was),
      pearson: pearson(heatmap(old), heatmap(now)),
    }));
  }).filter((value) => value !== undefined);
  if (values.length === 0) throw new Undefined('no picture has a map that is not the same everywhere');
  const [low, high] = fooling.fooled;
  const share = (numbers: readonly number[]) => mean(numbers.map((v) => (v >= low && v <= high ? 1 : 0)));
  return {
    fooled: share(values.map((v) => v.measure)),
    fooledBefore: share(values.map((v) => v.own)),
    measure: mean(values.map((v) => v.measure)),
    pearson: mean(values.map((v) => v.pearson)),
    undefined: explained.pixels.shape[0] - values.length,
  };
}

function valueOf<T extends Readonly<Record<string, number>>>(compute: () => T): T | undefined {
  try {
    const values = compute();
    return Object.values(values).every(Number.isFinite) ? values : undefined;
  } catch (error) {
    if (error instanceof Undefined) return undefined;
    throw error;
  }
}
