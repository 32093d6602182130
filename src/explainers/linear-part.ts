import * as g from '../graph/index.ts';
import type { BackwardRule, Node } from '../graph/index.ts';

/** The nearest nodes before z, or z itself, that are sources. */
function sourcesOf(z: Node, isSource: (node: Node) => boolean): Node[] {
  const seen = new Set<Node>();
  const found: Node[] = [];
  const stack = [z];
  while (stack.length) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    if (isSource(node)) found.push(node);
    else stack.push(...node.inputs);
  }
  return found;
}

/**
 * What earlier sources contribute to z, without biases: z's linear piece applied to their values. The piece is what `rule` makes
 * of it: its transposed map, transposed once more.
 */
export function linearPart(z: Node, isSource: (node: Node) => boolean, rule: BackwardRule): Node {
  const sources = sourcesOf(z, isSource);
  if (sources.includes(z)) return z;
  const unknown = g.input('cotangent', z.shape);
  const transposed = g.backward([z], [unknown], sources, (node, t) =>
    sources.includes(node) ? node.inputs.map(() => null) : rule(node, t),
  );
  return g.backward(transposed, sources, [unknown])[0];
}
