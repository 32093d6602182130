import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';

/** Losses of logits `[N,K]` and a class `[N,K]` (one-hot rows); all are `[N]`. */
const pick = (values: Node, chosen: Node) => g.reduceSum(g.mul(values, chosen), [1]);

/** More than logits differ by. */
const far = 1e9;

/** The largest logit but that of the chosen classes. */
const largestOther = (logits: Node, chosen: Node) => g.reduceMax(g.sub(logits, g.mul(chosen, far)), [1]);

/** -log p of the class. */
export const crossEntropy = (logits: Node, chosen: Node): Node => g.neg(pick(g.logSoftmax(logits), chosen));

/** The largest other logit less that of the class: above 0 where another class is predicted. */
export const margin = (logits: Node, chosen: Node): Node => g.sub(largestOther(logits, chosen), pick(logits, chosen));

/** The `count` largest logits, each `[N]`; equal ones count once. */
function sorted(logits: Node, count: number): Node[] {
  const tops: Node[] = [];
  let rest = logits;
  for (let i = 0; i < count; i++) {
    const top = g.reduceMax(rest, [1], true);
    tops.push(g.reshape(top, ['N']));
    rest = g.where(g.greaterEqual(rest, top), -far, rest);
  }
  return tops;
}

/** Difference of logits ratio (arXiv:2003.01690, eq. 6): the margin over the distance from the first logit to the third. */
export function logitRatio(logits: Node, chosen: Node): Node {
  const [first, , third] = sorted(logits, 3);
  return g.div(margin(logits, chosen), g.add(g.sub(first, third), 1e-12));
}

/** The same, steering to a class (eq. 7): over the distance from the first logit to the mean of the third and the fourth. */
export function targetedLogitRatio(logits: Node, chosen: Node, goal: Node): Node {
  const [first, , third, fourth] = sorted(logits, 4);
  const distance = g.sub(first, g.mul(g.add(third, fourth), 0.5));
  return g.div(g.sub(pick(logits, goal), pick(logits, chosen)), g.add(distance, 1e-12));
}
