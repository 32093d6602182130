import * as g from '../graph/index.ts';
import type { BackwardRule, Node } from '../graph/index.ts';

/**
 * What the nearest earlier sources contribute to a node, without biases: the linear piece in front of it applied to their values.
 * Each node's part is the transposed map that `rule` gives it, transposed once more; so the pieces are linear as the reverse pass
 * takes them.
 */
export function linearParts(isSource: (node: Node) => boolean, rule: BackwardRule): (node: Node) => Node {
  const known = new Map<Node, Node | undefined>();

  function partOf(node: Node): Node | undefined {
    if (isSource(node)) return node;
    if (!known.has(node)) known.set(node, made(node));
    return known.get(node);
  }

  function made(node: Node): Node | undefined {
    const parts = node.inputs.map(partOf);
    if (parts.every((p) => p === undefined)) return undefined;
    if (node.op === 'concat' && parts.every((p) => p !== undefined)) return g.concat(parts, node.attrs.axis);
    const unknown = g.input('cotangent', node.shape);
    const transposed = rule(node, unknown) ?? g.pullBack(node, unknown);
    const terms = parts.flatMap((part, i) => {
      const t = transposed[i];
      return part && t ? g.backward([t], [part], [unknown]) : [];
    });
    return terms.length > 0 ? terms.reduce(g.add) : undefined;
  }

  return (node) => partOf(node) ?? g.zerosLike(node);
}
