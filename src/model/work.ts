import { product, topological, type Dim, type Node } from '../graph/index.ts';
import type { Model } from './classifier.ts';

const perSample = (shape: readonly Dim[]): number => {
  const size = product(shape);
  return typeof size === 'number' ? size : Number.parseInt(size, 10) || 1;
};

function multiplications({ op, shape, inputs }: Node): number {
  if (op === 'conv') return perSample(shape) * perSample(inputs[1].shape.slice(1));
  if (op === 'dense' || op === 'matmul') return perSample(shape) * perSample(inputs[0].shape.slice(-1));
  return 0;
}

/** Multiplications of one forward pass on one picture, those of element-wise operations left out. */
export const workOf = ({ logits }: Model): number =>
  topological([logits]).reduce((sum, node) => sum + multiplications(node), 0);
