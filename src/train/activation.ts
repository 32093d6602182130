import { elu, gelu, leakyRelu, relu, silu, softplus, type Node } from '../graph/index.ts';

/** The activations that nets can be trained with; layers bear these names. Slopes, scales and sharpness are PyTorch's defaults. */
export const activations = {
  relu,
  'leaky-relu': (x: Node) => leakyRelu(x, 0.01),
  elu: (x: Node) => elu(x, 1),
  gelu: (x: Node) => gelu(x),
  silu,
  softplus: (x: Node) => softplus(x, 1),
} as const;

export type Activation = keyof typeof activations;
