import { softmaxAt } from '../src/numeric/softmax.ts';
import { descendingOrder } from '../src/numeric/sort.ts';
import { trapezoid } from '../src/numeric/statistics.ts';
import { at, type Tensor } from '../src/numeric/tensor.ts';
import type { MapContext, Score } from './metric.ts';

const chunk = 32;

/**
 * The probability of the explained class while pixels turn, all channels together and in descending order of the heatmap, from `from`
 * `[3,H,W]` into `to` `[3,H,W]`: `steps` + 1 points with both ends (one point a pixel when the picture has fewer pixels than steps), and the
 * area under them over the fractions of pixels really changed. Ties fall in the order drawn from `rng`.
 */
export async function perturbationCurve(
  { heatmap, rng, predict, target }: Pick<MapContext<unknown>, 'heatmap' | 'rng' | 'predict' | 'target'>,
  { from, to, steps }: { from: Tensor; to: Tensor; steps: number },
): Promise<Score> {
  const pixels = heatmap.values.length;
  const last = Math.min(steps, pixels);
  const order = descendingOrder(heatmap.values, rng);
  const current = from.data.slice();
  const batch = new Float32Array(Math.min(chunk, last + 1) * current.length);
  const x: number[] = [];
  const y: number[] = [];
  let changed = 0;
  for (let first = 0; first <= last; first += chunk) {
    const count = Math.min(chunk, last + 1 - first);
    for (let i = 0; i < count; i++) {
      const goal = Math.floor(((first + i) * pixels) / last);
      for (; changed < goal; changed++)
        for (let p = order[changed]; p < current.length; p += pixels) current[p] = to.data[p];
      batch.set(current, i * current.length);
      x.push(changed / pixels);
    }
    const logits = await predict({ shape: [count, ...from.shape], data: batch.subarray(0, count * current.length) });
    for (let i = 0; i < count; i++) y.push(softmaxAt(at(logits, i).data, target));
  }
  return { value: trapezoid(x, y), curve: { x, y } };
}
