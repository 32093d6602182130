import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';

// Keeps the derivative finite where a map is constant.
const tiny = 1e-20;

const notFirst = ({ shape }: Node) => shape.map((_, i) => i).slice(1);

/** Mean squared difference of each sample, `[N]`. */
export function meanSquare(a: Node, b: Node): Node {
  const d = g.sub(a, b);
  return g.reduceMean(g.mul(d, d), notFirst(d));
}

/** Pearson's correlation of each sample's values, `[N]`; 0 where a side is constant. */
export function correlation(a: Node, b: Node): Node {
  const centred = (x: Node) => g.sub(x, g.reduceMean(x, notFirst(x), true));
  const [x, y] = [centred(a), centred(b)];
  const inner = (u: Node, v: Node) => g.reduceSum(g.mul(u, v), notFirst(u));
  return g.div(inner(x, y), g.sqrt(g.add(g.mul(inner(x, x), inner(y, y)), tiny)));
}
