import { GraphError, withInputs, type Node, type NodeOf } from './node.ts';

/** All nodes that the outputs depend on, inputs before the nodes that use them. */
export function topological(outputs: readonly Node[]): Node[] {
  const order: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  const stack = [...outputs].reverse();
  while (stack.length) {
    const node = stack[stack.length - 1];
    if (state.get(node) === 'done') {
      stack.pop();
    } else if (state.get(node) === 'open') {
      state.set(node, 'done');
      order.push(node);
      stack.pop();
    } else {
      state.set(node, 'open');
      for (let i = node.inputs.length - 1; i >= 0; i--) if (!state.has(node.inputs[i])) stack.push(node.inputs[i]);
    }
  }
  return order;
}

/**
 * The outputs with some nodes replaced: `replace` gets each node with its new inputs, and the node it came from, and returns
 * what takes its place (often the node itself). Nodes that nothing changes keep their identity, so graphs share what they can.
 */
export function rewrite(outputs: readonly Node[], replace: (node: Node, original: Node) => Node): Node[] {
  const made = new Map<Node, Node>();
  for (const node of topological(outputs)) {
    made.set(
      node,
      replace(
        withInputs(
          node,
          node.inputs.map((i) => made.get(i)!),
        ),
        node,
      ),
    );
  }
  return outputs.map((o) => made.get(o)!);
}

/** The outputs with given nodes exchanged for others of the same type; what lies behind an exchanged node is not visited. */
export function substitute(outputs: readonly Node[], exchanged: ReadonlyMap<Node, Node>): Node[] {
  const made = new Map<Node, Node>(exchanged);
  const visit = topological(outputs);
  for (const node of visit) {
    if (!made.has(node))
      made.set(
        node,
        withInputs(
          node,
          node.inputs.map((i) => made.get(i)!),
        ),
      );
  }
  return outputs.map((o) => made.get(o)!);
}

/** The nodes on a way from any of `from` to `to`, both included. */
export function between(from: readonly Node[], to: readonly Node[]): Set<Node> {
  const reached = new Set<Node>(from);
  for (const node of topological(to)) if (node.inputs.some((i) => reached.has(i))) reached.add(node);
  const useful = new Set<Node>();
  const stack = to.filter((n) => reached.has(n));
  while (stack.length) {
    const node = stack.pop()!;
    if (useful.has(node)) continue;
    useful.add(node);
    stack.push(...node.inputs.filter((i) => reached.has(i)));
  }
  return useful;
}

/** The inputs that a graph wants to be fed, in topological order. Throws GraphError where two share a name. */
export function inputsOf(outputs: readonly Node[]): NodeOf<'input'>[] {
  const found = topological(outputs).filter((n) => n.op === 'input');
  const names = new Set<string>();
  for (const { attrs } of found) {
    if (names.has(attrs.name)) throw new GraphError(`two inputs are called '${attrs.name}'`);
    names.add(attrs.name);
  }
  return found;
}
