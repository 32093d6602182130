import { constant, conv, dense, named, type Node } from '../graph/index.ts';
import type { Tensor } from '../numeric/tensor.ts';
import type { Tensors } from '../engine/engine.ts';
import type { Layers } from './architecture.ts';
import { normEpsilon } from './batch-norm.ts';
import { layerNorm } from './layer-norm.ts';
import { samePads } from './padding.ts';

const fixed = ({ data, shape }: Tensor): Node => constant(data, shape);

/** Layers with trained weights as constants; batch normalisation by its running averages is folded into the convolution before it. */
export function finishedLayers(state: Tensors): Layers {
  const learned = (name: string): Node => fixed(state[name]);
  return {
    convNorm(name, x, _channels, kernel, stride = 1) {
      const part = (what: string) => state[`${name}.${what}`].data;
      const { shape, data } = state[`${name}.weight`];
      const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map(part);
      const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c] + normEpsilon));
      const size = data.length / shape[0];
      const weight = { shape, data: data.map((w, i) => w * scale[Math.floor(i / size)]) };
      const bias = { shape: [shape[0]], data: beta.map((b, c) => b - mean[c] * scale[c]) };
      return named(conv(x, fixed(weight), fixed(bias), { strides: [stride, stride], pads: samePads(kernel) }), name);
    },
    patches: (name, x, _features, size) =>
      named(conv(x, learned(`${name}.weight`), learned(`${name}.bias`), { strides: [size, size] }), name),
    layerNorm: (name, x) => named(layerNorm(x, learned(`${name}.gamma`), learned(`${name}.beta`)), name),
    learned,
    dense: (name, x) => named(dense(x, learned(`${name}.weight`), learned(`${name}.bias`)), name),
  };
}
