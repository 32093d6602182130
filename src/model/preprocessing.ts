import { add, constant, mul, named, type Node } from '../graph/index.ts';

/** Mean and standard deviation of each channel, on pixels in [0,1]. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** What a model wants done to its pixels: a known data set's normalisation, nothing, or its own numbers. */
export type Preprocessing = 'imagenet' | 'cifar10' | 'none' | Normalisation;

const presets: Record<'imagenet' | 'cifar10', Normalisation> = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  cifar10: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
};

/** The numbers behind a preset; undefined for `none`. */
export const normalisationOf = (preprocessing: Preprocessing): Normalisation | undefined =>
  preprocessing === 'none' ? undefined : typeof preprocessing === 'string' ? presets[preprocessing] : preprocessing;

/** (pixels - mean) / std as one mul and one add; the pixels themselves for `none`. */
export function preprocess(pixels: Node, preprocessing: Preprocessing): Node {
  const normalisation = normalisationOf(preprocessing);
  if (!normalisation) return pixels;
  const { mean, std } = normalisation;
  const along = (values: readonly number[]) => constant(Float32Array.from(values), [1, 3, 1, 1]);
  const scaled = mul(pixels, along(std.map((s) => 1 / s)));
  return named(add(scaled, along(mean.map((m, c) => -m / std[c]))), 'preprocessed');
}
