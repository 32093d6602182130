import type { Sample } from '../../data/dataset.ts';
import type { Engine } from '../../engine/engine.ts';
import { normalisationOf, type Model, type Normalisation, type Preprocessing } from '../../model/model.ts';
import { softmaxAt } from '../../numeric/softmax.ts';
import { argMax, at, tensor, type Tensor } from '../../numeric/tensor.ts';

/** Preprocessings that nets are exported for. */
const candidates: readonly (readonly [title: string, Preprocessing])[] = [
  ['imagenet', 'imagenet'],
  ['none', 'none'],
  ['cifar10', 'cifar10'],
  ['pixels in [-1,1]', { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }],
  ['pixels in [0,255]', { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] }],
  ['pixels in [0,255] less the mean colour', { mean: [0.485, 0.4579, 0.4076], std: [1 / 255, 1 / 255, 1 / 255] }],
];

/** How well a model does with pictures that are prepared in one way. */
export interface Trial {
  readonly title: string;
  readonly preprocessing: Preprocessing;
  /** Whether the channels were reversed to blue, green, red. */
  readonly reversed: boolean;
  /** Number of pictures whose label it finds. */
  readonly right: number;
  /** Mean of -log p(label). */
  readonly crossEntropy: number;
}

const identity: Normalisation = { mean: [0, 0, 0], std: [1, 1, 1] };

function prepared({ shape, data }: Tensor, preprocessing: Preprocessing, reversed: boolean): Tensor {
  const { mean, std } = normalisationOf(preprocessing) ?? identity;
  const area = shape[1] * shape[2];
  // Each colour is normalised by its own numbers, whichever channel it goes to.
  const values = Float32Array.from({ length: 3 * area }, (_, i) => {
    const [channel, p] = [Math.floor(i / area), i % area];
    const colour = reversed ? 2 - channel : channel;
    return (data[colour * area + p] - mean[colour]) / std[colour];
  });
  return tensor([1, ...shape], values);
}

/** Whether the first trial is surer of the labels than the second: of a few pictures, numbers of right ones hardly tell two apart. */
export const better = (a: Trial, b: Trial): boolean => a.crossEntropy < b.crossEntropy;

/**
 * Tries every candidate on labelled samples, and the best one with the channels reversed; best first.
 * `model` must be loaded with the preprocessing `none`.
 */
export async function tryPreprocessings(model: Model, samples: readonly Sample[], engine: Engine): Promise<Trial[]> {
  const program = engine.compile({ logits: model.logits });
  const attempt = async (title: string, preprocessing: Preprocessing, reversed: boolean): Promise<Trial> => {
    let [right, loss] = [0, 0];
    for (const { image, label } of samples) {
      const { logits } = await program.run({ pixels: prepared(image, preprocessing, reversed) });
      const { data } = at(logits, 0);
      if (argMax(data) === label) right++;
      loss -= Math.log(Math.max(softmaxAt(data, label!), Number.MIN_VALUE));
    }
    return { title, preprocessing, reversed, right, crossEntropy: loss / samples.length };
  };
  const trials: Trial[] = [];
  for (const [title, preprocessing] of candidates) trials.push(await attempt(title, preprocessing, false));
  const order = (a: Trial, b: Trial) => a.crossEntropy - b.crossEntropy;
  const [best] = trials.sort(order);
  trials.push(await attempt(`${best.title}, blue first`, best.preprocessing, true));
  await program.release();
  return trials.sort(order);
}
