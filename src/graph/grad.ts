import { add, constant, full, input, mul, reshape, sizeAlong, zerosLike } from './build.ts';
import { apply, GraphError, opOf, register, type Node } from './node.ts';
import { formatShape, sameShape } from './shape.ts';
import { topological } from './traverse.ts';

/**
 * Replaces the derivative of some nodes on the way back: given a node and the cotangent (or relevance) `g` of its result, the
 * cotangents of its inputs; undefined leaves the node to its own derivative. Modified-backward explainers are such rules.
 */
export type BackwardRule = (node: Node, g: Node) => readonly (Node | null)[] | undefined;

/** How to make the cotangent of each input of one node. */
function pulls(node: Node, g: Node): readonly ((() => Node) | null)[] {
  const { derivative } = opOf(node.op);
  if (derivative) return derivative(node as never, g);
  if (node.dtype !== 'float32') return [];
  throw new GraphError(`${node.op} has no derivative${node.name ? ` (layer '${node.name}')` : ''}`);
}

/** The cotangents of one node's own inputs, wherever these come from; null where it does not depend differentiably on one. */
export const pullBack = (node: Node, g: Node): (Node | null)[] => pulls(node, g).map((make) => make && make());

/**
 * Vector-Jacobian product as a graph: the cotangents of `wrt` given the cotangents of `outputs`.
 *
 * Only nodes between `wrt` and `outputs` are visited. A node of `wrt` that is no cause of the outputs gets zeros.
 * Throws GraphError where an op on the way has no derivative.
 */
export function backward(
  outputs: readonly Node[],
  cotangents: readonly Node[],
  wrt: readonly Node[],
  rule: BackwardRule = () => undefined,
): Node[] {
  const order = topological(outputs);
  const leads = new Set<Node>(wrt);
  for (const node of order) if (node.inputs.some((i) => leads.has(i))) leads.add(node);

  const received = new Map<Node, Node>();
  const receive = (node: Node, g: Node) => {
    if (!sameShape(g.shape, node.shape))
      throw new GraphError(
        `the cotangent of ${node.op} ${formatShape(node.shape)} has the shape ${formatShape(g.shape)}`,
      );
    const before = received.get(node);
    received.set(node, before ? add(before, g) : g);
  };
  outputs.forEach((node, i) => leads.has(node) && receive(node, cotangents[i]));

  for (const node of order.reverse()) {
    const g = received.get(node);
    if (!g || !node.inputs.some((i) => leads.has(i))) continue;
    const ruled = rule(node, g);
    if (ruled) {
      ruled.forEach((t, i) => t && leads.has(node.inputs[i]) && receive(node.inputs[i], t));
      continue;
    }
    pulls(node, g).forEach((make, i) => make && leads.has(node.inputs[i]) && receive(node.inputs[i], make()));
  }
  return wrt.map((node) => received.get(node) ?? zerosLike(node));
}

/**
 * The gradient of the sum of `output` in each of `wrt`, as graph nodes of the same shapes; so it can be differentiated again.
 * For an output `[N]` of independent samples this is each sample's own gradient.
 */
export const grad = (output: Node, wrt: readonly Node[]): Node[] => backward([output], [full(output, 1)], wrt);

/** The identity matrix, each row of which marks one term of a sum. */
function marks(count: number): Node {
  const data = new Float32Array(count * count);
  for (let k = 0; k < count; k++) data[k * count + k] = 1;
  return constant(data, [count, count]);
}

register({
  op: 'sumOver',
  type: (inputs, { params, body, sequences }) => {
    if (sequences < 1) throw new RangeError('needs at least one sequence');
    inputs.forEach((x, i) => {
      const shape = i < sequences ? [inputs[0].shape[0], ...params[i].shape] : params[i].shape;
      if (!sameShape(x.shape, shape) || x.dtype !== params[i].dtype)
        throw new RangeError(`operand ${i} must be ${params[i].dtype} ${formatShape(shape)}`);
    });
    if (body.dtype !== 'float32') throw new RangeError(`a sum needs float32 terms, not ${body.dtype}`);
    return { shape: body.shape, dtype: body.dtype };
  },
  derivative: ({ inputs, attrs: { params, body, sequences } }, g) =>
    inputs.map((x, i) => {
      if (x.dtype !== 'float32') return null;
      return () => {
        const cotangent = input('cotangent', g.shape);
        const [term] = backward([body], [cotangent], [params[i]]);
        const rest = [...params, cotangent];
        if (i >= sequences) return apply('sumOver', [...inputs, g], { params: rest, body: term, sequences });
        // The cotangent of a sequence is a stack of terms, not a sum: each is put into its place among zeros.
        const count = sizeAlong(x, 0);
        const mark = input('mark', [count]);
        const placed = mul(reshape(mark, [count, ...term.shape.map(() => 1)]), reshape(term, [1, ...term.shape]));
        return apply('sumOver', [marks(count), ...inputs, g], {
          params: [mark, ...rest],
          body: placed,
          sequences: sequences + 1,
        });
      };
    }),
});
