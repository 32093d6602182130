import { between, topological, type Node } from '../graph/index.ts';

const activations: readonly string[] = [
  'relu',
  'leakyRelu',
  'elu',
  'gelu',
  'silu',
  'hardSwish',
  'mish',
  'softplus',
  'tanh',
  'sigmoid',
  'clip',
];
const others: readonly string[] = [
  'conv',
  'convInput',
  'dense',
  'matmul',
  'maxPool',
  'avgPool',
  'reduceMean',
  'reduceMax',
  'add',
  'concat',
  'softmax',
];

/** Whether a node is an activation function. */
export const isActivation = (node: Node): boolean => activations.includes(node.op);

/** Convolutions, dense layers, activations, pools, sums, concatenations and softmaxes between input and logits by name, in topological order. */
export function layersBetween(input: Node, logits: Node): Map<string, Node> {
  const onTheWay = between([input], [logits]);
  const layers = new Map<string, Node>();
  for (const node of topological([logits]))
    if (
      node !== input &&
      onTheWay.has(node) &&
      node.name !== undefined &&
      (isActivation(node) || others.includes(node.op))
    )
      layers.set(node.name, node);
  return layers;
}

/** An activation of a model. */
export interface ActivationLayer {
  readonly name: string;
  readonly node: Node;
  /** Height and width; undefined where it has no positions. */
  readonly size: readonly [number, number] | undefined;
}

/** The activations among layers, in their order. */
export function activationsOf({ layers }: { readonly layers: ReadonlyMap<string, Node> }): ActivationLayer[] {
  return [...layers]
    .filter(([, node]) => isActivation(node))
    .map(([name, node]) => ({ name, node, size: sizeOfPicture(node) }));
}

function sizeOfPicture({ shape }: Node): readonly [number, number] | undefined {
  const [, , height, width] = shape;
  return typeof height === 'number' && typeof width === 'number' ? [height, width] : undefined;
}
