import { z } from 'zod';
import { constant, matmul, reduceMean, transpose, type Node } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { filterMap, gaussianKernel } from '../numeric/blur.ts';
import { plainPicture } from './plain-picture.ts';

/** The picture that stands for nothing to see: black, white, the picture's own mean colour, or the picture blurred. */
export const baselineKind = z.enum(['black', 'mean', 'white', 'blur']);

/** The Gaussian filter (11 pixels, σ 5, reflected border) along an axis of n pixels, as a matrix `[n,n]`. */
function blurMatrix(n: number): Node {
  const kernel = gaussianKernel(11, 5);
  const columns = Array.from({ length: n }, (_, i) =>
    filterMap(
      Array.from({ length: n }, (_, j) => Number(i === j)),
      1,
      n,
      kernel,
    ),
  );
  return constant(
    Float64Array.from({ length: n * n }, (_, k) => columns[k % n][Math.floor(k / n)]),
    [n, n],
  );
}

/** The baseline in preprocessed values; `[1,3,1,1]`, `[N,3,1,1]` or `[N,3,H,W]`. */
export function baselinePicture(model: Model, kind: z.infer<typeof baselineKind>): Node {
  const [height, width] = model.size;
  if (kind === 'mean') return reduceMean(model.input, [2, 3], true);
  if (kind === 'blur') return matmul(blurMatrix(height), matmul(model.input, transpose(blurMatrix(width), [1, 0])));
  return plainPicture(model, kind === 'white' ? 1 : 0);
}
