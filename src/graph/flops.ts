import type { Node } from './node.ts';
import { product, resolveShape } from './shape.ts';
import { topological } from './traverse.ts';

/** How many values a node has. */
export const sizeAt = ({ shape }: Pick<Node, 'shape'>, batch = 1): number =>
  product(resolveShape(shape, batch)) as number;

function multiplications({ op, shape, inputs, attrs }: Node, batch: number): number {
  const size = (node: Pick<Node, 'shape'>) => sizeAt(node, batch);
  switch (op) {
    // The three gradients of one trilinear form: each multiplies every value of the convolution's result with a kernel.
    case 'conv':
      return size({ shape }) * size({ shape: inputs[1].shape.slice(1) });
    case 'convInput':
      return size(inputs[0]) * size({ shape: inputs[1].shape.slice(1) });
    case 'convWeight':
      return size(inputs[1]) * size({ shape: shape.slice(1) });
    case 'dense':
    case 'matmul':
      return size({ shape }) * size({ shape: inputs[0].shape.slice(-1) });
    case 'sumOver':
      return (size({ shape: inputs[0].shape.slice(0, 1) }) * flops([attrs.body], batch)) / 2;
    default:
      return 0;
  }
}

/** Floating-point operations of one node, what it is applied to being there; see `flops`. */
export const flopsOf = (node: Node, batch = 1): number => 2 * multiplications(node, batch);

/**
 * Floating-point operations of the convolutions and matrix products in a graph, those of loops included: two for each multiplication with its
 * addition. Element-wise operations, reductions and pools are left out, padding is counted.
 */
export const flops = (outputs: readonly Node[], batch = 1): number =>
  topological(outputs).reduce((sum, node) => sum + flopsOf(node, batch), 0);
