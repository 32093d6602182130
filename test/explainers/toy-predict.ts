import { at, stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import type { BlackBoxExplainer } from '../../src/explainers/index.ts';
import { createRng } from '../../src/numeric/random.ts';

export type Predict = (images: Tensor) => Promise<Tensor>;

/** A random picture `[3,H,W]`. */
export function randomPicture(seed: number, height: number, width: number): Tensor {
  const rng = createRng(seed, 'picture');
  return tensor(
    [3, height, width],
    Float32Array.from({ length: 3 * height * width }, () => rng.uniform()),
  );
}

/** A model whose logits `[N,2]` are 0 and a function of each picture. */
export const predictBy =
  (logit: (pixels: Float32Array) => number): Predict =>
  (images) =>
    Promise.resolve(
      stack(Array.from({ length: images.shape[0] }, (_, i) => tensor([2], [0, logit(at(images, i).data)]))),
    );

/** Explains class 1, or another, with options as a config gives them. */
export const explainBy = async <O>(
  explainer: BlackBoxExplainer<O>,
  options: Partial<Record<keyof O, unknown>>,
  { predict, image, target = 1, seed = 0 }: { predict: Predict; image: Tensor; target?: number; seed?: number },
): Promise<Tensor> =>
  explainer.explain({ predict, image, target, rng: createRng(seed), options: explainer.options.parse(options) });
