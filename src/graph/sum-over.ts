import { input } from './build.ts';
import { apply, type Node } from './node.ts';
import { substitute, topological } from './traverse.ts';

/**
 * The sum over k of a body: `Σ_k body(sequences[0][k], ..., shared)`. Sequences are `[K,...]`; the body gets one entry `[...]` of
 * each, and the shared values as they are. What the body takes from the graph around it is computed once and shared too.
 * The memory needed is that of one term, which is what Integrated Gradients and SmoothGrad want.
 */
export function sumOver(
  sequences: readonly Node[],
  shared: readonly Node[],
  body: (entries: Node[], shared: Node[]) => Node,
): Node {
  const entries = sequences.map((s, i) => input(`entry${i}`, s.shape.slice(1), s.dtype));
  const inner = shared.map((s, i) => input(`shared${i}`, s.shape, s.dtype));
  return sumOfTerms(body(entries, inner), [...entries, ...inner], [...sequences, ...shared], sequences.length);
}

/** The sum of a term in which `params` stand for the operands, the first of which are sequences; what does not depend on them is computed once. */
export function sumOfTerms(
  term: Node,
  params: readonly Node[],
  operands: readonly Node[],
  sequences = operands.length,
): Node {
  const captured = invariants(term, params);
  const outer = captured.map((s, i) => input(`captured${i}`, s.shape, s.dtype));
  const [body] = substitute([term], new Map(captured.map((s, i) => [s, outer[i]])));
  return apply('sumOver', [...operands, ...captured], { params: [...params, ...outer], body, sequences });
}

/** The largest parts of a graph that do not depend on its params; constants are left where they are. */
function invariants(output: Node, params: readonly Node[]): Node[] {
  const order = topological([output]);
  const varying = new Set<Node>(params);
  for (const node of order) if (node.inputs.some((i) => varying.has(i))) varying.add(node);
  const used = [output, ...order.filter((n) => varying.has(n)).flatMap((n) => n.inputs)];
  return [...new Set(used)].filter((n) => !varying.has(n) && n.op !== 'constant');
}
