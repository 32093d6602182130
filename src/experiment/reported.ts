import type { Curve, Outcome } from '../../metrics/metric.ts';
import { Undefined } from '../numeric/errors.ts';
import { softmaxAt } from '../numeric/softmax.ts';
import { ssim } from '../numeric/ssim.ts';
import { meanIfAny } from '../statistics/describe.ts';
import type { Tensor } from '../numeric/tensor.ts';
import type { AttackEntry } from './config.ts';
import type { Attacked } from './batch-work.ts';
import type { Prediction } from './sample-work.ts';

const finite = (value: number, what: string): Outcome =>
  Number.isFinite(value) ? { value } : { reason: `${what} came out as ${value}` };

/** Mean over channels of the SSIM of two pictures `[C,H,W]` in [0,1]. */
function imageSsim(a: Tensor, b: Tensor): Outcome {
  const [channels, height, width] = a.shape;
  const channel = ({ data }: Tensor, c: number) => ({
    height,
    width,
    values: Float64Array.from(data.subarray(c * height * width, (c + 1) * height * width)),
  });
  try {
    const values = Array.from({ length: channels }, (_, c) => ssim(channel(a, c), channel(b, c), 1));
    return { value: meanIfAny(values)! };
  } catch (error) {
    if (error instanceof Undefined) return { reason: error.message };
    throw error;
  }
}

/** What an attack reports of itself, by the names of rows: size of the change, what became of the prediction, its own loss, what it spent. */
export function reported(
  { definition }: AttackEntry,
  attacked: Attacked,
  clean: { readonly image: Tensor; readonly prediction: Prediction; readonly target: number },
): [name: string, outcome: Outcome][] {
  const { linf, l2, l1, losses = [], queries, gradients, prediction: after, image, goal } = attacked;
  const { prediction: before, target } = clean;
  const values: [string, number][] = [
    ['linf', linf],
    ['l2', l2],
    ['l1', l1],
    ['image-mse', l2 ** 2 / image.data.length],
    ['prediction-kept', after.index === before.index ? 1 : 0],
    ['prediction', after.index],
    ['probability-before', softmaxAt(before.logits, target)],
    ['probability', softmaxAt(after.logits, target)],
  ];
  if (definition.kind !== 'explanation') {
    const succeeded = goal === undefined ? attacked.labelChanged : after.index === goal;
    values.push(['success', succeeded ? 1 : 0]);
  }
  if (queries !== undefined) values.push(['queries', queries]);
  if (gradients !== undefined) values.push(['gradients', gradients]);
  if (losses.length > 0) values.push(['loss-first', losses[0]], ['loss-last', losses[losses.length - 1]]);
  return [
    ...values.map(([name, value]): [string, Outcome] => [`attack:${name}`, finite(value, `the attack's ${name}`)]),
    ['attack:image-ssim', imageSsim(clean.image, image)],
  ];
}

const points = 101;

/** The attacker's loss over its first, at some hundred steps; undefined for fewer than two steps and where the first is not above 0. */
export function lossCurve({ losses = [] }: Attacked): Curve | undefined {
  const last = losses.length - 1;
  if (last < 1 || !(losses[0] > 0) || !losses.every(Number.isFinite)) return undefined;
  const n = Math.min(points, losses.length);
  const x = Array.from({ length: n }, (_, i) => i / (n - 1));
  return { x, y: x.map((at) => losses[Math.round(at * last)] / losses[0]) };
}
