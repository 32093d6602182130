import { z } from 'zod';
import { softmaxAt } from '../numeric/softmax.ts';
import { at } from '../numeric/tensor.ts';
import type { PredictionContext } from './explainer.ts';

/** What of the explained class is watched: its logit, or its softmax probability. */
export const output = z.enum(['logit', 'probability']);
export type Output = z.infer<typeof output>;

/** Altered pictures held at a time. */
const chunk = 32;

/**
 * Asks for the score of `count` altered copies of a picture. `alter(i, pixels)` writes copy i into `pixels` `[3,H,W]`, which holds another copy
 * before; `score(i, value)` gets its logit or probability. Copies are altered and scored in order, at most 32 of them held at once.
 */
export async function scoreAltered(
  { predict, image, target }: Pick<PredictionContext<unknown>, 'predict' | 'image' | 'target'>,
  output: Output,
  count: number,
  alter: (i: number, pixels: Float32Array) => void,
  score: (i: number, value: number) => void,
): Promise<void> {
  const size = image.data.length;
  const batch = new Float32Array(Math.min(chunk, count) * size);
  for (let first = 0; first < count; first += chunk) {
    const held = Math.min(chunk, count - first);
    for (let i = 0; i < held; i++) alter(first + i, batch.subarray(i * size, (i + 1) * size));
    const logits = await predict({ shape: [held, ...image.shape], data: batch.subarray(0, held * size) });
    for (let i = 0; i < held; i++) {
      const { data } = at(logits, i);
      score(first + i, output === 'logit' ? data[target] : softmaxAt(data, target));
    }
  }
}
